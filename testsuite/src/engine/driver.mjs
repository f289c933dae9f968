// Runs programs on stock's VM: one JSON request a line in, one JSON answer a line out.
//   request: { files: { "name.mpy": "hex of its bytes" }, main: "name" }
//   answer:  { out: "what it printed", error: "its traceback, or empty" }
// Every request gets an interpreter of its own.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { loadMicroPython } = await import(pathToFileURL(process.argv[2]).href);
const decoder = new TextDecoder();

// The frame of the import statement that starts the program is ours, not the program's.
const START_FRAME = /^ {2}File "<stdin>", line 1, in <module>\n/m;

async function run(request) {
  const bytes = [];
  const sink = (chunk) => { for (const byte of chunk) bytes.push(byte); };
  const vm = await loadMicroPython({
    heapsize: request.heap, pystack: 16384, linebuffer: false, stdout: sink, stderr: sink,
  });
  for (const [path, hex] of Object.entries(request.files)) {
    const folder = path.split("/").slice(0, -1);
    for (let depth = 1; depth <= folder.length; depth++) {
      try { vm.FS.mkdir("/" + folder.slice(0, depth).join("/")); } catch { /* it is there */ }
    }
    vm.FS.writeFile("/" + path, Buffer.from(hex, "hex"));
  }
  let error = "";
  try {
    vm.runPython(`__import__('${request.main}')`);
  } catch (e) {
    if (e.name !== "PythonError") throw e;
    error = e.message.replace(START_FRAME, "");
  }
  return { out: decoder.decode(new Uint8Array(bytes)), error };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await run(JSON.parse(line));
  } catch (e) {
    answer = { out: "", error: "", crash: String(e && e.stack || e) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
