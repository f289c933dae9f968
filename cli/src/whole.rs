//! The program as a whole: constants of other modules folded in, what cannot run left out.
//!
//! Modules are compiled once each to know what they import and define; those that are the
//! worse for being compiled alone are compiled again with what is known then.

use crate::exit::Failure;
use crate::file;
use crate::image::Program;
use crate::profile::Profile;
use crate::project::{Gathered, compile, keep_hot};
use hognose_compiler::image::named::Named;
use hognose_compiler::image::program::{Stripped, Unit, constants, modules_in, strip};
use hognose_compiler::image::relink::Relinked;
use hognose_compiler::syntax::Outline;
use hognose_compiler::{Options, diag::LineTable, outline};
use rayon::prelude::*;
use std::collections::HashSet;
use std::fmt::Write;
use std::path::PathBuf;

/// The options of whole programs.
#[derive(clap::Args, Default)]
pub struct Whole {
    /// Replace names that modules import from one another by their constants
    #[arg(long)]
    fold: bool,
    /// Leave out modules, functions and classes that the program cannot reach
    #[arg(long)]
    strip: bool,
    /// Write what --strip left out and why to a file; - is standard output
    #[arg(long, value_name = "FILE", requires = "strip")]
    strip_report: Option<PathBuf>,
}

/// The names that these modules can come to; `files` is a ROMFS image beside them.
pub fn named(gathered: &[Gathered], files: &[u8]) -> Named {
    let needs = |g: &&Gathered| Named::asks(&g.frozen);
    let outlined = |g: &Gathered| g.source.as_ref().and_then(|source| outline(source).ok());
    let outlines: Vec<Option<Outline>> =
        gathered.par_iter().map(|g| Some(g).filter(needs).and_then(outlined)).collect();
    let beside = modules_in(files);
    let own = gathered.iter().zip(&outlines).map(|(g, outline)| Unit {
        name: &g.frozen.name,
        package: g.frozen.package,
        outline: outline.as_ref(),
        module: &g.frozen.module,
    });
    let beside = beside.iter();
    let units: Vec<Unit<'_>> = own
        .chain(beside.map(|(name, module)| Unit { name, package: false, outline: None, module }))
        .collect();
    Named::of(&units)
}

impl Whole {
    /// Compiles again what these options and a profile change. `roots` are the modules
    /// that run first; `known` the names that the firmware has; `files` a ROMFS image whose
    /// modules may use the program's.
    ///
    /// # Errors
    /// A report that cannot be written. Programs have been compiled before.
    pub fn apply(
        &self,
        gathered: &mut Vec<Gathered>,
        roots: &[usize],
        known: &HashSet<String>,
        files: &[u8],
        options: &Options,
        profile: Option<&Profile>,
    ) -> Result<(), Failure> {
        if !self.fold && !self.strip && profile.is_none() {
            return Ok(());
        }
        let outlines: Vec<Option<Outline>> = gathered
            .par_iter()
            .map(|g| g.source.as_ref().and_then(|source| outline(source).ok()))
            .collect();
        let beside = modules_in(files);
        let mut units: Vec<Unit<'_>> = gathered
            .iter()
            .zip(&outlines)
            .map(|(g, outline)| Unit {
                name: &g.frozen.name,
                package: g.frozen.package,
                outline: outline.as_ref(),
                module: &g.frozen.module,
            })
            .collect();
        let own = units.len();
        units.extend(beside.iter().map(|(name, module)| Unit {
            name,
            package: false,
            outline: None,
            module,
        }));
        let imported = match self.fold {
            true => constants(&units),
            false => vec![Default::default(); units.len()],
        };
        let stripped = match (self.strip, roots) {
            (true, [_, ..]) => {
                let roots: Vec<usize> = roots.iter().copied().chain(own..units.len()).collect();
                strip(&units, &roots, &|name| known.contains(name))
            }
            _ => Stripped {
                modules: vec![true; units.len()],
                left_out: vec![Vec::new(); units.len()],
                ..Stripped::default()
            },
        };
        if self.strip {
            self.report(gathered, &stripped, roots)?;
        }
        let changes: Vec<_> = imported.into_iter().zip(stripped.left_out).collect();
        gathered.par_iter_mut().zip(changes).try_for_each(|(g, (imported, left_out))| {
            let Some(source) = &g.source else { return Ok(()) };
            let hot = profile.map_or(Vec::new(), |p| p.busy_in(&g.piece.path));
            if imported.is_empty() && left_out.is_empty() && hot.is_empty() {
                return Ok(());
            }
            let mut options = Options { imported, left_out, ..options.clone() };
            keep_hot(&g.piece, source, &mut options, hot);
            let again = compile(&g.piece, source, &options, false)?;
            g.frozen.module = again;
            Ok::<(), Failure>(())
        })?;
        let mut stays = stripped.modules.into_iter();
        gathered.retain(|_| stays.next().unwrap_or(true));
        Ok(())
    }

    /// Says which built-ins went.
    ///
    /// # Errors
    /// A report that cannot be written.
    pub fn report_builtins(
        &self,
        program: &Program,
        relinked: Option<&Relinked>,
    ) -> Result<(), Failure> {
        let (true, Some(relinked)) = (self.strip, relinked) else { return Ok(()) };
        let (count, freed) = (relinked.dropped.len(), relinked.freed);
        let mut summary = format!("strip: {count} built-ins left out, {freed} bytes");
        // Writing to a String cannot fail.
        let mut text = String::new();
        for name in &relinked.dropped {
            let _ = writeln!(text, "firmware: {name}: nothing mentions it");
        }
        if let Some((module, _, what)) = &program.named.any {
            let at = program.paths.get(*module).map_or(String::new(), |p| p.display().to_string());
            summary += &format!("; '{what}' in {at} may reach any name");
            let _ = writeln!(text, "{at}: all built-ins are kept: '{what}' may reach any name");
        }
        eprintln!("{summary}");
        match &self.strip_report {
            Some(path) if path.as_os_str() == "-" => file::write_stdout(text.as_bytes()),
            // Behind what it says of the program.
            Some(path) => {
                let said = std::fs::read(path).map_err(|e| Failure::file("read", path, &e))?;
                file::write_whole(path, &[said.as_slice(), text.as_bytes()].concat())
            }
            None => Ok(()),
        }
    }

    /// Says what goes, and why.
    fn report(
        &self,
        gathered: &[Gathered],
        stripped: &Stripped,
        roots: &[usize],
    ) -> Result<(), Failure> {
        let place = |module: usize, at: Option<hognose_compiler::diag::Span>| {
            let Some(g) = gathered.get(module) else { return String::new() };
            let path = g.piece.path.display().to_string();
            let lines = |source: &Vec<u8>| LineTable::new(source);
            match (at, g.source.as_ref().map(lines)) {
                (Some(span), Some(lines)) => format!("{path}:{}", lines.line(span.start)),
                _ => path,
            }
        };
        // Writing to a String cannot fail.
        let mut text = String::new();
        for dropped in &stripped.dropped {
            let name = gathered.get(dropped.module).map_or("", |g| g.frozen.name.as_str());
            let at = place(dropped.module, dropped.span);
            let _ = match dropped.path.rsplit('.').next().unwrap_or("") {
                "" => writeln!(text, "{at}: module {name}: nothing that runs imports it"),
                last => writeln!(
                    text,
                    "{at}: {name}.{}: nothing that runs mentions '{last}'",
                    dropped.path
                ),
            };
        }
        let modules = stripped.dropped.iter().filter(|d| d.path.is_empty()).count();
        let definitions = stripped.dropped.len() - modules;
        let mut summary =
            format!("strip: {modules} modules and {definitions} definitions left out");
        if roots.is_empty() {
            summary += "; there is no program that runs first, so everything may be reached";
        }
        if let Some((module, span, what)) = &stripped.kept_by {
            let at = place(*module, *span);
            summary += &format!("; '{what}' at {at} may reach any name");
            let _ = writeln!(text, "{at}: everything is kept: '{what}' may reach any name");
        }
        eprintln!("{summary}");
        match &self.strip_report {
            Some(path) if path.as_os_str() == "-" => file::write_stdout(text.as_bytes()),
            Some(path) => file::write_whole(path, text.as_bytes()),
            None => Ok(()),
        }
    }
}
