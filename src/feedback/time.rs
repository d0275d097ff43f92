//! A moment, as events give it.

use std::fmt;
use std::str::FromStr;

/// A moment in milliseconds since 1970-01-01T00:00:00Z, of a year from 0000 to 9999. Written in one form
/// only, RFC 3339 in UTC with three decimals (`2026-11-24T16:01:00.000Z`), so that text sorts as time does;
/// finer fractions are cut off.
///
/// ```
/// use amend::feedback::Time;
/// let time: Time = "2026-11-24T17:01:00.25+01:00".parse()?;
/// assert_eq!(time.to_string(), "2026-11-24T16:01:00.250Z");
/// assert_eq!(Time::from_unix_seconds(0.5).map(Time::unix_millis), Some(500));
/// # Ok::<(), amend::feedback::NoTime>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// A text that is no moment of RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no moment: write it like 2026-11-24T16:01:00Z, or as Unix seconds")]
pub struct NoTime;

/// 0000-01-01T00:00:00Z.
const FIRST: i64 = -719_528 * DAY;
/// 9999-12-31T23:59:59.999Z.
const LAST: i64 = 2_932_897 * DAY - 1;
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

impl Time {
    /// The moment so many milliseconds after 1970 began; none outside of the years 0000 to 9999.
    pub fn from_unix_millis(millis: i64) -> Option<Self> {
        (FIRST..=LAST).contains(&millis).then_some(Self(millis))
    }

    /// The moment so many seconds after 1970 began, the fraction cut to milliseconds.
    pub fn from_unix_seconds(seconds: f64) -> Option<Self> {
        // Outside of these bounds there is no year to write; within them the number is exact to far less than
        // a millisecond.
        let whole = seconds.floor();
        if !(-62_167_219_200.0..253_402_300_800.0).contains(&whole) {
            return None;
        }
        #[allow(clippy::cast_possible_truncation, reason = "within the bounds above")]
        let (whole, fraction) = (whole as i64, ((seconds - whole) * 1000.0 + 1e-4).floor() as i64);
        Self::from_unix_millis(whole * 1000 + fraction.min(999))
    }

    /// Milliseconds since 1970 began, UTC.
    pub fn unix_millis(self) -> i64 {
        self.0
    }
}

impl FromStr for Time {
    type Err = NoTime;

    fn from_str(text: &str) -> Result<Self, NoTime> {
        parse(text).and_then(Self::from_unix_millis).ok_or(NoTime)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, millis) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let (year, month, day) = date(days);
        let (hour, minute) = (millis / 3_600_000, millis / 60_000 % 60);
        let (second, millis) = (millis / 1000 % 60, millis % 1000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }
}

/// RFC 3339, section 5.6; a space may stand for the T, and second 60 is the next minute's first.
fn parse(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i64> {
        bytes
            .get(from..to)?
            .iter()
            .try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))
    };
    let is = |at: usize, any: &[u8]| bytes.get(at).is_some_and(|b| any.contains(b));
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let marks = is(4, b"-") && is(7, b"-") && is(10, b"Tt ") && is(13, b":") && is(16, b":");
    if !marks || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = days(year, month, day);
    if date(days) != (year, month, day) {
        return None;
    }
    let mut at = 19;
    let mut millis = 0;
    if is(at, b".") {
        let digits = bytes.get(at + 1..)?.iter().take_while(|b| b.is_ascii_digit()).count();
        let first = number(at + 1, at + 1 + digits.min(3))?;
        millis = match digits {
            0 => return None,
            1 => first * 100,
            2 => first * 10,
            _ => first,
        };
        at += 1 + digits;
    }
    let offset = match bytes.get(at)? {
        b'Z' | b'z' if bytes.len() == at + 1 => 0,
        sign @ (b'+' | b'-') if bytes.len() == at + 6 && is(at + 3, b":") => {
            let (hours, minutes) = (number(at + 1, at + 3)?, number(at + 4, at + 6)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    Some(days * DAY + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millis)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar; a date that is none gives those of another. H.
/// Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that a leap day is their
/// last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date so many days after 1970-01-01 (the same source).
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn moments_are_read_and_written_in_one_form() {
        let cases = [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01t00:00:00.9999z", 999),
            ("1970-01-01 00:00:01.5-00:00", 1500),
            ("2000-02-29T12:00:00.01+02:30", 951_816_600_010),
            ("1969-12-31T23:59:60Z", 0),
            ("0000-01-01T00:00:00Z", FIRST),
            ("9999-12-31T23:59:59.999Z", LAST),
        ];
        for (text, millis) in cases {
            let time: Time = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(time.unix_millis(), millis, "{text}");
            assert_eq!(time.to_string().parse(), Ok(time));
        }
        assert_eq!(Time(951_816_600_010).to_string(), "2000-02-29T09:30:00.010Z");
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        let cases = [
            "",
            "yesterday",
            "2026-11-24",
            "2026-11-24T16:01:00",
            "2026-11-24T16:01:00.Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-10T00:00:00Z",
            "2026-11-31T00:00:00Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T16:60:00Z",
            "2026-11-24T16:01:61Z",
            "2026-11-24T16:01:00+1:00",
            "2026-11-24T16:01:00+24:00",
            "2026-11-24T16:01:00Zulu",
            "0000-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "２０２６-11-24T16:01:00Z",
        ];
        for text in cases {
            assert_eq!(text.parse::<Time>(), Err(NoTime), "{text}");
        }
        for seconds in [f64::NAN, f64::INFINITY, -1e12, 1e12, 253_402_300_800.0] {
            assert_eq!(Time::from_unix_seconds(seconds), None, "{seconds}");
        }
    }

    #[test]
    fn seconds_of_unix_have_fractions() {
        for (seconds, millis) in
            [(1.0, 1000), (1_764_000_000.123, 1_764_000_000_123), (-0.001, -1), (-1.5, -1500)]
        {
            assert_eq!(Time::from_unix_seconds(seconds).map(Time::unix_millis), Some(millis), "{seconds}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn every_moment_comes_back(millis in FIRST..=LAST, later in FIRST..=LAST) {
            let (time, later) = (Time(millis), Time(later));
            prop_assert_eq!(time.to_string().parse(), Ok(time));
            prop_assert_eq!(time.cmp(&later), time.to_string().cmp(&later.to_string()));
        }
    }
}
