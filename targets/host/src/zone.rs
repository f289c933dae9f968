//! Local time, as the operating system tells it (POSIX `localtime_r` and `mktime`). The
//! variable `TZ` may change while a program runs.

use std::mem::MaybeUninit;

use libc::{time_t, tm};

#[allow(unsafe_code)]
unsafe extern "C" {
    safe fn tzset();
}

/// What a clock shows, by one of the functions that tell it; `None` beyond the years that
/// it knows.
#[allow(unsafe_code)]
fn clock(
    tell: unsafe extern "C" fn(*const time_t, *mut tm) -> *mut tm,
    seconds: i64,
) -> Option<tm> {
    let mut shown = MaybeUninit::zeroed();
    // SAFETY: both point to what they say; all zeroes are valid where nothing was written.
    unsafe {
        let done = !tell(&(seconds as time_t), shown.as_mut_ptr()).is_null();
        done.then(|| shown.assume_init())
    }
}

/// By how many seconds local time is ahead, and whether it is daylight saving time.
pub fn local_time(seconds: i64) -> (i64, bool) {
    tzset();
    match clock(libc::localtime_r, seconds) {
        // Elsewhere it is shorter.
        #[allow(clippy::useless_conversion)]
        Some(shown) => (shown.tm_gmtoff.into(), shown.tm_isdst > 0),
        None => (0, false),
    }
}

/// The time at which local clocks show as many seconds.
#[allow(unsafe_code)]
pub fn universal_time(shown: i64, daylight: Option<bool>) -> Option<i64> {
    let mut fields = clock(libc::gmtime_r, shown)?;
    fields.tm_isdst = daylight.map_or(-1, i32::from);
    // SAFETY: it is read and put right.
    let seconds = unsafe { libc::mktime(&mut fields) };
    // What says that there is no such time is also a second before 1970.
    (seconds != -1).then_some(seconds as i64)
}
