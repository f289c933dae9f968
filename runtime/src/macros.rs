//! Declarations of objects, types, functions, tables and modules, one line each.

/// Declares a struct that is a Python object of the given static type.
///
/// ```ignore
/// object! { pub struct Float: FLOAT, leaf { value: f64 } }
/// vm.alloc_obj(Float { header: Float::HEADER, value })
/// ```
/// `leaf` promises that no field ever refers to a heap object; `if level::…` makes a
/// type that only some levels have.
#[macro_export]
macro_rules! object {
    ($(#[$m:meta])* $v:vis struct $name:ident : $ty:path, leaf { $($body:tt)* }) => {
        $crate::object!(@ $(#[$m])* $v $name $ty, true, true, { $($body)* });
    };
    ($(#[$m:meta])* $v:vis struct $name:ident : $ty:path { $($body:tt)* }) => {
        $crate::object!(@ $(#[$m])* $v $name $ty, false, true, { $($body)* });
    };
    ($(#[$m:meta])* $v:vis struct $name:ident : $ty:path, if $present:path { $($body:tt)* }) => {
        $crate::object!(@ $(#[$m])* $v $name $ty, false, $present, { $($body)* });
    };
    (@ $(#[$m:meta])* $v:vis $name:ident $ty:path, $leaf:literal, $present:expr, { $($body:tt)* }) => {
        $(#[$m])*
        #[repr(C)]
        $v struct $name { pub header: $crate::object::Header, $($body)* }
        // SAFETY: `#[repr(C)]` with the header first.
        #[allow(unsafe_code)]
        unsafe impl $crate::object::Object for $name {
            const TYPE: &'static $crate::object::Type = &$ty;
            const LEAF: bool = $leaf;
            const PRESENT: bool = $present;
        }
    };
}

/// A sorted table of `Row`s: `table! { "pi" => f0!(pi), … }`.
#[macro_export]
macro_rules! table {
    ($($(#[$m:meta])* $name:literal => $value:expr),* $(,)?) => {
        const { &$crate::object::sort_table([$($(#[$m])* $crate::object::Row::new($crate::q!($name), $value)),*]) }
    };
}

/// Declares a static type.
///
/// ```ignore
/// py_type! {
///     pub static LIST: "list" {
///         new: list_new, print: list_print, subscr: list_subscr,
///     }
///     flags: Type::EQ_ANY,
///     base: OBJECT,
///     locals: { "append" => f2!(append), }
/// }
/// ```
/// `flags`, `base` and `locals` are optional, in this order; `, export "symbol"` before the
/// braces gives images that are linked with a firmware a name for it.
#[macro_export]
macro_rules! py_type {
    ($(#[$m:meta])* $v:vis static $NAME:ident : $name:literal $(, export $export:literal)? {
        $($slot:ident : $f:expr),* $(,)?
    }
    $(flags: $flags:expr,)?
    $(base: $base:expr,)?
    $(locals: { $($locals:tt)* })? $(,)?) => {
        $(#[$m])*
        $(
            #[allow(unsafe_code)]
            #[cfg_attr(target_os = "none", unsafe(export_name = $export))]
        )?
        $v static $NAME: $crate::object::Type = $crate::object::Type::new(
            $crate::q!($name),
            &const { $crate::object::Slots { $($slot: Some($f),)* ..$crate::object::Slots::EMPTY } },
        )
        $(.with_flags($flags))?
        $(.with_base(&$base))?
        $(.with_locals($crate::table! { $($locals)* }))?;
    };
}

/// Declares a built-in module: `module! { pub static MATH: "math" { "pi" => …, } }`.
/// `__name__` is added. With `attr: f` before the braces, `f` answers for names that
/// are not in the table and takes stores. With `fixed` before the braces, files on
/// `sys.path` cannot take the module's place.
#[macro_export]
macro_rules! module {
    ($(#[$m:meta])* $v:vis static $NAME:ident : $name:literal $(, attr: $attr:expr,)? $($fixed:ident)? { $($body:tt)* }) => {
        $(#[$m])*
        $v static $NAME: $crate::object::BuiltinModule = $crate::object::BuiltinModule::new(
            $crate::q!($name),
            $crate::table! { "__name__" => $crate::value::Value::qstr($crate::q!($name)), $($body)* },
        )$(.with_attr($attr))?$(.$fixed())?;
    };
}

/// A function object in flash for a Rust function of no Python arguments. `f1!` to
/// `f3!` take that many; `fv!(min, max, f)` takes a slice, `fk!(min, max, f)` also
/// keywords (max `usize::MAX`: any number).
#[macro_export]
macro_rules! f0 {
    ($f:expr) => {
        $crate::value::Value::from_static(const { &$crate::object::Fun0::new($f) })
    };
}
#[macro_export]
macro_rules! f1 {
    ($f:expr) => {
        $crate::value::Value::from_static(const { &$crate::object::Fun1::new($f) })
    };
}
#[macro_export]
macro_rules! f2 {
    ($f:expr) => {
        $crate::value::Value::from_static(const { &$crate::object::Fun2::new($f) })
    };
}
#[macro_export]
macro_rules! f3 {
    ($f:expr) => {
        $crate::value::Value::from_static(const { &$crate::object::Fun3::new($f) })
    };
}
#[macro_export]
macro_rules! fv {
    ($min:expr, $max:expr, $f:expr) => {
        $crate::value::Value::from_static(const { &$crate::object::FunVar::new($min, $max, $f) })
    };
}
#[macro_export]
macro_rules! fk {
    ($min:expr, $max:expr, $f:expr) => {
        $crate::value::Value::from_static(const { &$crate::object::FunKw::new($min, $max, $f) })
    };
}

/// `classmethod` / `staticmethod` around a function object, for a type's table.
#[macro_export]
macro_rules! class_method {
    ($f:expr) => {
        $crate::value::Value::from_static(const { &$crate::object::ClassMethod::new($f) })
    };
}
#[macro_export]
macro_rules! static_method {
    ($f:expr) => {
        $crate::value::Value::from_static(const { &$crate::object::StaticMethod::new($f) })
    };
}

/// Any static object, e.g. a type or a module, as a value: `obj!(LIST)`.
#[macro_export]
macro_rules! obj {
    ($path:path) => {
        $crate::value::Value::from_static(&$path)
    };
}
