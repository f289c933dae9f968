//! The parser's reports as diagnostics.

use ruff_python_parser::{
    InterpolatedStringErrorType, LexicalErrorType, ParseError, ParseErrorType,
};

use super::span;
use crate::Input;
use crate::diag::{Code, Diagnostic};

/// The diagnostic for a report; `None` where boards accept what the parser complains about.
pub(super) fn diagnostic(error: &ParseError, text: &str, input: Input) -> Option<Diagnostic> {
    use ParseErrorType as E;
    let (code, hint) = match &error.error {
        E::ExpectedKeywordParam | E::UnparenthesizedGeneratorExpression => return None,
        E::Lexical(LexicalErrorType::Eof) if input == Input::Exec && ends_in_continuation(text) => {
            return None;
        }
        E::UnexpectedIndentation => (
            Code::Indentation,
            Some("indent a block's lines alike, and only after a line that ends in `:`"),
        ),
        E::Lexical(lexical) => lexical_code(lexical),
        E::FStringError(_) | E::TStringError(_) => {
            (Code::InvalidString, Some("write `{{` and `}}` for braces that are text"))
        }
        E::InvalidAssignmentTarget
        | E::InvalidAnnotatedAssignmentTarget
        | E::InvalidAugmentedAssignmentTarget
        | E::InvalidNamedAssignmentTarget => (
            Code::InvalidTarget,
            Some("only names, attributes, items and tuples or lists of these can be assigned to"),
        ),
        E::InvalidDeleteTarget => (Code::InvalidDelete, None),
        E::PositionalAfterKeywordArgument
        | E::PositionalAfterKeywordUnpacking
        | E::InvalidArgumentUnpackingOrder => {
            (Code::InvalidArguments, Some("put positional arguments first"))
        }
        E::NonDefaultParamAfterDefaultParam
        | E::ParamAfterVarKeywordParam
        | E::VarParameterWithDefault => (Code::InvalidParameters, None),
        E::InvalidStarredExpressionUsage | E::IterableUnpackingInComprehension => {
            (Code::StarNotAllowed, None)
        }
        E::InvalidStarPatternUsage | E::InvalidMatchPatternTarget => (Code::InvalidPattern, None),
        _ => (Code::Syntax, None),
    };
    let message = match &error.error {
        E::InvalidAssignmentTarget
        | E::InvalidAnnotatedAssignmentTarget
        | E::InvalidAugmentedAssignmentTarget => String::from("can't assign to expression"),
        E::InvalidDeleteTarget => String::from("can't delete expression"),
        E::PositionalAfterKeywordArgument => String::from("positional arg after keyword arg"),
        E::PositionalAfterKeywordUnpacking => String::from("positional arg after **"),
        E::InvalidArgumentUnpackingOrder => String::from("* arg after **"),
        // `0x` and what is no digit.
        E::Lexical(LexicalErrorType::OtherError(m)) if m.contains("ParseIntError") => {
            String::from("invalid syntax for integer")
        }
        E::NonDefaultParamAfterDefaultParam => {
            String::from("non-default argument follows default argument")
        }
        other => lower_first(&other.to_string()),
    };
    // Programs that compile text see the message alone, and expect those that boards have.
    let mut diagnostic = match board_message(error, text) {
        Some(short) => Diagnostic::new(code, span(&error.location), short).label(message),
        None => Diagnostic::new(code, span(&error.location), message),
    };
    if let Some(hint) = hint.or_else(|| habit(error, text)) {
        diagnostic = diagnostic.hint(hint);
    }
    Some(diagnostic)
}

/// What boards say of a malformed f-string or t-string, or of a stray character.
fn board_message(error: &ParseError, text: &str) -> Option<&'static str> {
    use InterpolatedStringErrorType as I;
    use ParseErrorType as E;
    let before = text.get(..error.location.start().to_usize()).unwrap_or_default();
    let converts = before.rsplit('{').next().is_some_and(|field| field.contains('!'));
    match &error.error {
        E::Lexical(
            LexicalErrorType::UnrecognizedToken { .. } | LexicalErrorType::LineContinuationError,
        ) => Some("invalid syntax"),
        E::Lexical(LexicalErrorType::FStringError(e) | LexicalErrorType::TStringError(e))
        | E::FStringError(e)
        | E::TStringError(e) => match e {
            I::SingleRbrace => Some("malformed f-string"),
            I::UnclosedLbrace if !converts => Some("malformed f-string"),
            _ => Some("invalid syntax"),
        },
        // Braces with nothing inside are a dictionary anywhere else.
        E::ExpectedExpression if is_empty_field(before, text) => Some("malformed f-string"),
        _ => None,
    }
}

fn is_empty_field(before: &str, text: &str) -> bool {
    let rest = text.get(before.len()..).unwrap_or_default();
    before.trim_end().ends_with('{') && rest.trim_start().starts_with(['}', '!', ':', '='])
}

/// Whether nothing but white space follows a last line that ends in a backslash.
fn ends_in_continuation(text: &str) -> bool {
    let line = text.trim_end_matches([' ', '\t', '\n', '\r']);
    line.ends_with('\\') && text.len() > line.len()
}

fn lexical_code(error: &LexicalErrorType) -> (Code, Option<&'static str>) {
    match error {
        LexicalErrorType::IndentationError => (
            Code::Indentation,
            Some("a line must be as far in as the one that its block started with"),
        ),
        LexicalErrorType::UnclosedStringError | LexicalErrorType::StringError => {
            (Code::InvalidString, None)
        }
        LexicalErrorType::FStringError(_) | LexicalErrorType::TStringError(_) => {
            (Code::InvalidString, Some("write `{{` and `}}` for braces that are text"))
        }
        LexicalErrorType::UnicodeError
        | LexicalErrorType::MissingUnicodeLbrace
        | LexicalErrorType::MissingUnicodeRbrace => (Code::InvalidEscape, None),
        LexicalErrorType::InvalidByteLiteral => {
            (Code::InvalidString, Some("write the byte as an escape such as `\\xe9`"))
        }
        LexicalErrorType::OtherError(message) if message.contains("ParseIntError") => {
            (Code::InvalidNumber, None)
        }
        LexicalErrorType::OtherError(message) if message.contains("ecimal") => {
            (Code::InvalidNumber, Some("octal numbers start with `0o`"))
        }
        _ => (Code::Syntax, None),
    }
}

/// Habits from other languages, and from Python 2.
fn habit(error: &ParseError, text: &str) -> Option<&'static str> {
    let at = error.location.start().to_usize();
    let rest = text.get(at..).unwrap_or_default();
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
    if line.starts_with("print ") || line.starts_with("exec ") {
        Some("`print` is a function: put its arguments in parentheses")
    } else if rest.starts_with("&&") || rest.starts_with("||") {
        Some("write `and` or `or`")
    } else if rest.starts_with("++") || line.ends_with("++") || line.ends_with("--") {
        Some("write `x += 1` or `x -= 1`")
    } else if matches!(&error.error, ParseErrorType::ExpectedToken { found, .. }
        if format!("{found}") == "'='")
        && ["if ", "elif ", "while "].iter().any(|word| line.starts_with(word))
    {
        Some("`==` compares, `:=` assigns inside an expression")
    } else {
        None
    }
}

fn lower_first(message: &str) -> String {
    let mut chars = message.chars();
    let starts_with_word = message.chars().nth(1).is_some_and(|c| c.is_lowercase() || c == ' ');
    match chars.next() {
        Some(first) if starts_with_word && !message.starts_with("IPython") => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => message.to_owned(),
    }
}
