//! `hognose size`: what takes flash and RAM in a linked image.

use crate::exit::{Failure, Status};
use crate::file;
use crate::image::Recipe;
use hognose_compiler::image::size::{Item, Kind, items, total};
use hognose_compiler::image::treemap;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// Linked ELF file, made by `hognose build`; with --target or --base a program, which
    /// is built for it
    #[arg(required_unless_present = "manifest")]
    input: Option<PathBuf>,
    #[command(flatten)]
    recipe: Recipe,
    /// How far to go into crates, modules and functions
    #[arg(long, default_value_t = 2)]
    depth: usize,
    /// Also write a treemap of flash as an HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Fail if flash or RAM is exceeded: FLASH or FLASH,RAM in bytes, K or M
    #[arg(long, value_name = "FLASH[,RAM]", value_parser = parse_budget)]
    budget: Option<Budget>,
    /// Machine-readable: one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy)]
struct Budget {
    flash: u32,
    ram: Option<u32>,
}

/// A number of bytes: `4096`, `4K`, `1M`.
pub fn bytes(text: &str) -> Result<u32, String> {
    let wrong = || format!("'{text}' is no number of bytes");
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 1024),
        Some((at, 'm' | 'M')) => (&text[..at], 1024 * 1024),
        _ => (text, 1),
    };
    let number: u32 = digits.parse().map_err(|_| wrong())?;
    number.checked_mul(unit).ok_or_else(wrong)
}

fn parse_budget(text: &str) -> Result<Budget, String> {
    match text.split_once(',') {
        Some((flash, ram)) => Ok(Budget { flash: bytes(flash)?, ram: Some(bytes(ram)?) }),
        None => Ok(Budget { flash: bytes(text)?, ram: None }),
    }
}

pub fn run(args: &Args) -> Result<Status, Failure> {
    let (name, image) = args.image()?;
    let items = items(&image).map_err(|e| Failure::image(&name, &e))?;
    let (flash, ram) = total(&items);
    let text =
        if args.json { format!("{}\n", json(&items)) } else { report(&items, args.depth.max(1)) };
    file::write_stdout(text.as_bytes())?;
    if let Some(path) = &args.html {
        let page = treemap::page(&format!("Flash of {name}"), &items, |item| item.flash);
        file::write_whole(path, page.as_bytes())?;
    }
    let Some(budget) = args.budget else { return Ok(Status::Done) };
    let over = |what: &str, is: u32, may: u32| {
        (is > may).then(|| format!("{what}: {is} bytes, {} over the budget of {may}", is - may))
    };
    let complaints: Vec<String> =
        [over("flash", flash, budget.flash), budget.ram.and_then(|may| over("RAM", ram, may))]
            .into_iter()
            .flatten()
            .collect();
    if complaints.is_empty() {
        Ok(Status::Done)
    } else {
        Err(Failure::program(complaints.join("\n")))
    }
}

impl Args {
    /// The linked file and its name.
    fn image(&self) -> Result<(String, Vec<u8>), Failure> {
        let input = self.input.as_deref();
        if self.recipe.says_where() {
            let name = self.recipe.name(input).display().to_string();
            return Ok((name, self.recipe.link(input, &[])?.elf));
        }
        match input {
            Some(path) => {
                let image = std::fs::read(path).map_err(|e| Failure::file("read", path, &e))?;
                Ok((path.display().to_string(), image))
            }
            None => Err(Failure::usage("a manifest is built for a --target or --base")),
        }
    }
}

type Sums<K> = BTreeMap<K, (u32, u32)>;

fn sums<K: Ord>(items: &[Item], key: impl Fn(&Item) -> K) -> Sums<K> {
    let mut sums = Sums::new();
    for item in items {
        let sum = sums.entry(key(item)).or_insert((0, 0));
        sum.0 += item.flash;
        sum.1 += item.ram;
    }
    sums
}

fn report(items: &[Item], depth: usize) -> String {
    let mut out = format!("{:>10} {:>9}  owner\n", "flash", "RAM");
    let owner = |item: &Item| item.path[..item.path.len().min(depth)].join(" / ");
    let mut owners: Vec<_> = sums(items, owner).into_iter().collect();
    owners.sort_by(|a, b| (b.1.0 + b.1.1).cmp(&(a.1.0 + a.1.1)).then(a.0.cmp(&b.0)));
    for (name, (flash, ram)) in owners {
        out += &format!("{flash:10} {ram:9}  {name}\n");
    }
    out += &format!("\n{:>10} {:>9}  kind\n", "flash", "RAM");
    for (kind, (flash, ram)) in sums(items, |item| item.kind) {
        out += &format!("{flash:10} {ram:9}  {}\n", kind.name());
    }
    let (flash, ram) = total(items);
    out += &format!("\n{flash:10} {ram:9}  total\n");
    out
}

fn json(items: &[Item]) -> serde_json::Value {
    let (flash, ram) = total(items);
    let kinds: serde_json::Map<String, serde_json::Value> = Kind::ALL
        .into_iter()
        .filter_map(|kind| {
            let (flash, ram) = total(items.iter().filter(|i| i.kind == kind));
            let entry = serde_json::json!({ "flash": flash, "ram": ram });
            (flash + ram > 0).then(|| (kind.name().to_string(), entry))
        })
        .collect();
    let list: Vec<serde_json::Value> = items
        .iter()
        .map(|i| serde_json::json!({"path": i.path, "kind": i.kind.name(), "flash": i.flash, "ram": i.ram}))
        .collect();
    serde_json::json!({ "flash": flash, "ram": ram, "kinds": kinds, "items": list })
}
