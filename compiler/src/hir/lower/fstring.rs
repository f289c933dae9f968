//! Formatted strings and template strings, spelled as boards know them.
//!
//! ```text
//! f"a{x!r:>{w}}b"   is   "a{!r:>{}}b".format(x, w)
//! t"a{x!r:>{w}}b"   is   __template__(("a", "b"), x, "x", "r", ">{}".format(w))
//! ```

use ruff_python_ast as ast;
use ruff_python_ast::{ConversionFlag, InterpolatedElement, InterpolatedStringElement};
use ruff_text_size::Ranged;

use super::{Lowerer, span};
use crate::diag::{Code, Span};
use crate::hir::{Arg, ArgKind, Const, ExprId, ExprKind};
use crate::syntax::{self, Text};

/// Positional arguments that one call takes.
const MAX_ARGUMENTS: usize = 255;

/// A format string under construction, and the values it takes.
struct Template {
    text: Text,
    /// Where the values begin in the list scratch.
    values: usize,
}

impl Lowerer<'_> {
    pub(super) fn fstring(&mut self, literal: &ast::ExprFString, place: Span) -> ExprId {
        let mut template = self.template();
        for part in literal.value.iter() {
            match part {
                ast::FStringPart::Literal(part) => {
                    let mut text = Text::default();
                    self.string_part(part, &mut text);
                    template.add(text);
                }
                ast::FStringPart::FString(part) => {
                    let raw = part.flags.prefix().is_raw();
                    self.elements(&part.elements, raw, &mut template);
                }
            }
        }
        self.formatted(template, place)
    }

    fn template(&mut self) -> Template {
        Template { text: Text::default(), values: self.list.len() }
    }

    /// The string, or the call of its `format` if it takes values.
    fn formatted(&mut self, template: Template, place: Span) -> ExprId {
        if self.list.len() == template.values {
            let mut text = template.text;
            unescape_braces(&mut text.bytes);
            return self.take_text(text, place);
        }
        let string = self.take_text(template.text, place);
        let values = self.list.split_off(template.values);
        let name = self.known.format;
        let func = self.node(crate::hir::ExprKind::Attr { object: string, name }, place);
        self.call_with(func, &values, place)
    }

    fn elements(
        &mut self,
        elements: &[InterpolatedStringElement],
        raw: bool,
        template: &mut Template,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    template.add(self.literal_element(literal, raw));
                }
                InterpolatedStringElement::Interpolation(interpolation) => {
                    self.interpolation(interpolation, raw, template);
                }
            }
        }
    }

    /// Text between the interpolations: braces are still doubled in it.
    fn literal_element(
        &mut self,
        literal: &ast::InterpolatedStringLiteralElement,
        raw: bool,
    ) -> Text {
        let mut text = Text::default();
        syntax::string_text(self.text, literal.range(), raw, &mut text);
        unescape_braces(&mut text.bytes);
        text
    }

    fn interpolation(
        &mut self,
        interpolation: &InterpolatedElement,
        raw: bool,
        template: &mut Template,
    ) {
        if let Some(debug) = &interpolation.debug_text {
            template.add_bytes(debug.as_str().as_bytes());
        }
        template.text.bytes.push(b'{');
        if let Some(letter) = self.conversion(interpolation) {
            template.text.bytes.extend([b'!', letter]);
        }
        let value = self.expr(&interpolation.expression);
        self.list.push(value);
        if let Some(spec) = &interpolation.format_spec {
            template.text.bytes.push(b':');
            self.elements(&spec.elements, raw, template);
        }
        template.text.bytes.push(b'}');
    }

    /// `r` or `s`. What is shown with `=` and has no format is shown as `repr` does.
    fn conversion(&mut self, interpolation: &InterpolatedElement) -> Option<u8> {
        match interpolation.conversion {
            ConversionFlag::Repr => Some(b'r'),
            ConversionFlag::Str => Some(b's'),
            ConversionFlag::Ascii => {
                self.report_hint(
                    Code::DeviceSyntax,
                    span(interpolation),
                    "boards have no `ascii()`: `!a` does the same as `!r`",
                    "write `!r`",
                );
                Some(b'r')
            }
            ConversionFlag::None => {
                let shown = interpolation.debug_text.is_some();
                (shown && interpolation.format_spec.is_none()).then_some(b'r')
            }
        }
    }

    // Template strings.

    pub(super) fn tstring(&mut self, literal: &ast::ExprTString, place: Span) -> ExprId {
        let mut strings = vec![Text::default()];
        let mark = self.list.len();
        for part in literal.value.iter() {
            let raw = part.flags.prefix().is_raw();
            for element in &part.elements {
                match element {
                    InterpolatedStringElement::Literal(literal) => {
                        let text = self.literal_element(literal, raw);
                        append(&mut strings, text);
                    }
                    InterpolatedStringElement::Interpolation(interpolation) => {
                        self.template_value(interpolation, raw, &mut strings);
                        strings.push(Text::default());
                    }
                }
            }
        }
        let values = self.list.split_off(mark);
        let strings: Vec<Const> = strings
            .into_iter()
            .map(|text| {
                self.reports.extend(text.reports);
                Const::Str(self.symbols.intern(&text.bytes))
            })
            .collect();
        let strings = self.pools.list(&strings);
        let name = self.known.template;
        let var = self.used(name, place);
        let func = self.load(var, place);
        let mut args = vec![self.konst(Const::Tuple(strings), place)];
        args.extend(values);
        if args.len() <= MAX_ARGUMENTS {
            return self.call_with(func, &args, place);
        }
        let all = self.pools.list(&args);
        let value = self.node(ExprKind::Tuple(all), place);
        let args = self.pools.list(&[Arg { kind: ArgKind::Star, value }]);
        self.node(ExprKind::Call { func, args }, place)
    }

    /// The four arguments of an interpolation: value, source text, conversion, format.
    fn template_value(
        &mut self,
        interpolation: &InterpolatedElement,
        raw: bool,
        strings: &mut [Text],
    ) {
        if let Some(debug) = &interpolation.debug_text {
            let mut text = Text::default();
            text.bytes.extend_from_slice(debug.as_str().as_bytes());
            append(strings, text);
        }
        let at = span(interpolation);
        let value = self.expr(&interpolation.expression);
        let source = self.source_of(interpolation);
        let source = self.str_const(source.as_bytes(), at);
        let conversion = match self.conversion(interpolation) {
            Some(letter) => self.str_const(&[letter], at),
            None => self.konst(Const::None, at),
        };
        let mut format = self.template();
        // The list scratch holds earlier arguments: the format's own values come after them.
        self.list.extend([value, source, conversion]);
        format.values = self.list.len();
        if let Some(spec) = &interpolation.format_spec {
            self.elements(&spec.elements, raw, &mut format);
        }
        let format = self.formatted(format, at);
        self.list.push(format);
    }

    /// The text of an interpolation's expression, from the brace on, without spaces at the end.
    fn source_of(&self, interpolation: &InterpolatedElement) -> String {
        let start = interpolation.range().start().to_usize() + 1;
        let end = interpolation.expression.range().end().to_usize();
        let text = self.text.get(start..).unwrap_or_default();
        // Closing parentheses around the expression are not part of its node.
        let mut end = end.saturating_sub(start);
        let opened = text.get(..end).map_or(0, |head| {
            let inner = interpolation.expression.range().start().to_usize() - start;
            head.get(..inner).unwrap_or_default().matches('(').count()
        });
        for _ in 0..opened {
            end += text.get(end..).and_then(|tail| tail.find(')')).map_or(0, |at| at + 1);
        }
        text.get(..end).unwrap_or_default().trim_end().to_owned()
    }
}

impl Template {
    /// Adds text that means itself.
    fn add(&mut self, text: Text) {
        self.add_bytes(&text.bytes);
        self.text.reports.extend(text.reports);
    }

    fn add_bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if byte == b'{' || byte == b'}' {
                self.text.bytes.push(byte);
            }
            self.text.bytes.push(byte);
        }
    }
}

fn append(strings: &mut [Text], text: Text) {
    if let Some(last) = strings.last_mut() {
        last.bytes.extend_from_slice(&text.bytes);
        last.reports.extend(text.reports);
    }
}

/// Makes single braces of doubled ones.
fn unescape_braces(bytes: &mut Vec<u8>) {
    let mut previous = 0;
    bytes.retain(|&byte| {
        let second = (byte == b'{' || byte == b'}') && byte == previous;
        previous = if second { 0 } else { byte };
        !second
    });
}
