//! `micropython`: the host target behind the command line of MicroPython's unix port.
#![cfg_attr(all(target_os = "linux", target_env = "gnu", not(test)), no_main)]

hognose_host::entry!(start);

fn start() -> u8 {
    let args: Vec<String> =
        std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    hognose_host::main(&args)
}
