//! `time`: clocks, waiting, calendar dates (proleptic Gregorian, epoch 1970). Boards know
//! of no time but UTC.

use crate::error::{OVERFLOW_ERROR, Res, TYPE_ERROR};
use crate::value::Value;
use crate::vm::Vm;

module! {
    pub static TIME: "time" {
        "clock" => f0!(clock),
        "gmtime" => fv!(0, 1, gmtime),
        #[cfg(not(feature = "cpython"))]
        "localtime" => fv!(0, 1, gmtime),
        #[cfg(feature = "cpython")]
        "localtime" => fv!(0, 1, localtime),
        "mktime" => f1!(mktime),
        "sleep" => f1!(sleep),
        "sleep_ms" => f1!(sleep_ms),
        "sleep_us" => f1!(sleep_us),
        "ticks_add" => f2!(ticks_add),
        "ticks_cpu" => f0!(ticks_cpu),
        "ticks_diff" => f2!(ticks_diff),
        "ticks_ms" => f0!(ticks_ms),
        "ticks_us" => f0!(ticks_us),
        "time" => f0!(time),
        "time_ns" => f0!(time_ns),
    }
}

/// Ticks wrap round at this power of two: half the range of small ints, as for stock.
const PERIOD: usize = (Value::SMALL_MAX as usize / 2) + 1;

fn ticks(n: u64) -> Res {
    Ok(Value::small((n as usize & (PERIOD - 1)) as isize))
}

fn ticks_ms(vm: &Vm) -> Res {
    ticks(vm.port().ticks_ms())
}

fn ticks_us(vm: &Vm) -> Res {
    ticks(vm.port().ticks_us())
}

fn ticks_cpu(vm: &Vm) -> Res {
    ticks(vm.port().ticks_cpu())
}

fn ticks_diff(vm: &Vm, end: Value, start: Value) -> Res {
    let (end, start) = (vm.get_int(end)? as usize, vm.get_int(start)? as usize);
    let ahead = end.wrapping_sub(start).wrapping_add(PERIOD / 2) & (PERIOD - 1);
    Ok(Value::small(ahead as isize - (PERIOD / 2) as isize))
}

fn ticks_add(vm: &Vm, start: Value, delta: Value) -> Res {
    let (start, delta) = (vm.get_int(start)?, vm.get_int(delta)?);
    // Only within half a period can ticks_diff tell the direction.
    if delta.unsigned_abs() >= PERIOD / 2 {
        return vm.raise(&OVERFLOW_ERROR, "ticks interval overflow");
    }
    ticks((start.wrapping_add(delta)) as usize as u64)
}

fn time(vm: &Vm) -> Res {
    let ns = vm.port().time_ns();
    if cfg!(feature = "f64") { vm.new_seconds(ns / 1000) } else { vm.new_uint(ns / 1_000_000_000) }
}

fn time_ns(vm: &Vm) -> Res {
    vm.new_uint(vm.port().time_ns())
}

/// Seconds of the machine's clock.
fn clock(vm: &Vm) -> Res {
    vm.new_seconds(vm.port().ticks_us())
}

fn wait(vm: &Vm, us: u64) -> Res {
    vm.poll()?;
    vm.port().sleep_us(us);
    // Nothing but what was polled for happens in no time.
    if us > 0 {
        vm.poll()?;
    }
    Ok(Value::NONE)
}

fn sleep(vm: &Vm, seconds: Value) -> Res {
    match vm.try_int(seconds)? {
        Some(s) => wait(vm, u64::try_from(s).unwrap_or(0).saturating_mul(1_000_000)),
        // The cast saturates; negative times are no time.
        None => wait(vm, (vm.get_float(seconds)? * 1_000_000 as crate::num::Float) as u64),
    }
}

fn sleep_ms(vm: &Vm, ms: Value) -> Res {
    wait(vm, u64::try_from(vm.get_int(ms)?).unwrap_or(0).saturating_mul(1000))
}

fn sleep_us(vm: &Vm, us: Value) -> Res {
    wait(vm, u64::try_from(vm.get_int(us)?).unwrap_or(0))
}

/// Days from 1970-01-01 to the first of March of `year`.
fn days_to_march(year: isize) -> isize {
    // Years that begin in March have the leap day at their end.
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) - 719_468
}

/// Days from March 1st to the first of month `m`, counted from 0 for March.
fn days_to_month(m: isize) -> isize {
    (153 * m + 2) / 5
}

/// The seconds of a time, rounded down.
fn whole_seconds(time: crate::num::Float) -> i64 {
    #[cfg(any(feature = "f32", feature = "f64"))]
    let time = crate::num::maths::floor(time);
    time as i64
}

/// `gmtime(seconds)`: (year, month, day, hour, minute, second, weekday, day of the year,
/// daylight saving).
fn gmtime(vm: &Vm, args: &[Value]) -> Res {
    calendar(vm, seconds(vm, args)?, 0)
}

/// `localtime(seconds)`: the same where the machine is.
#[cfg(feature = "cpython")]
fn localtime(vm: &Vm, args: &[Value]) -> Res {
    let seconds = seconds(vm, args)?;
    let (ahead, daylight) = vm.port().local_time(seconds);
    calendar(vm, seconds.saturating_add(ahead), isize::from(daylight))
}

/// What is given, or the time.
fn seconds(vm: &Vm, args: &[Value]) -> Res<i64> {
    Ok(match args.first() {
        Some(v) if !v.is_none() => match vm.try_int(*v)? {
            Some(s) => s as i64,
            None => whole_seconds(vm.get_float(*v)?),
        },
        _ => (vm.port().time_ns() / 1_000_000_000) as i64,
    })
}

/// The tuple for what a clock shows.
fn calendar(vm: &Vm, seconds: i64, daylight: isize) -> Res {
    /// Two million years.
    const FAR: i64 = 700_000_000;
    let days = seconds.div_euclid(86_400).clamp(-FAR, FAR) as isize;
    let rest = seconds.rem_euclid(86_400) as isize;
    // Estimate the year, then step to the right one.
    let mut year = 1970 + days / 365 - days / (365 * 1500);
    while days_to_march(year) > days {
        year -= 1;
    }
    while days_to_march(year + 1) <= days {
        year += 1;
    }
    let day_of_year = days - days_to_march(year);
    let m = (5 * day_of_year + 2) / 153;
    let day = day_of_year - days_to_month(m) + 1;
    let (month, calendar_year) = if m < 10 { (m + 3, year) } else { (m - 9, year + 1) };
    let new_year = days_to_march(calendar_year - 1) + days_to_month(10);
    let fields = [
        calendar_year,
        month,
        day,
        rest / 3600,
        rest / 60 % 60,
        rest % 60,
        (days + 3).rem_euclid(7),
        days - new_year + 1,
        daylight,
    ];
    vm.new_tuple(&fields.map(Value::small))
}

/// `mktime(tuple)`: seconds from such a tuple; fields out of range carry over.
fn mktime(vm: &Vm, tuple: Value) -> Res {
    let items = vm.sequence(tuple)?;
    if !(8..=9).contains(&items.len()) {
        return vm.raise(&TYPE_ERROR, "mktime needs a tuple of length 8 or 9");
    }
    let mut fields = [0; 6];
    for (field, v) in fields.iter_mut().zip(items.iter()) {
        *field = vm.get_int(v)? as i32 as isize;
    }
    let [year, month, day, hour, minute, second] = fields;
    let months = year * 12 + month - 3;
    let days =
        days_to_march(months.div_euclid(12)) + days_to_month(months.rem_euclid(12)) + day - 1;
    let minutes = (days as i64 * 24 + hour as i64) * 60 + minute as i64;
    let shown = minutes * 60 + second as i64;
    #[cfg(feature = "cpython")]
    let shown = {
        let daylight = items.iter().nth(8).map(|v| vm.get_int(v)).transpose()?;
        let daylight = daylight.and_then(|d| if d < 0 { None } else { Some(d != 0) });
        let Some(seconds) = vm.port().universal_time(shown, daylight) else {
            return vm.raise(&OVERFLOW_ERROR, "invalid mktime usage");
        };
        seconds
    };
    vm.new_int(shown)
}
