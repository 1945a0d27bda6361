//! Any colour made readable: the arithmetic of WCAG 2.2 (success criteria 1.4.3 and 1.4.11).
//!
//! Pure: colours come as sRGB channels from 0 to 1.

/// Red, green, blue.
pub(crate) type Colour = [f64; 3];

const BLACK: Colour = [0.0; 3];
const WHITE: Colour = [1.0; 3];
/// What text needs against its background; a little more, for what rounding and the polynomial below take.
const READABLE: f64 = 4.65;

/// Black or white, whichever can be read on this colour. One of them always can.
pub(crate) fn text_on(fill: Colour) -> Colour {
    if contrast(fill, WHITE) >= contrast(fill, BLACK) { WHITE } else { BLACK }
}

/// The colour nearest to `accent` that can be read on `surface`: as much black or white is mixed in as it
/// takes.
pub(crate) fn readable(accent: Colour, surface: Colour) -> Colour {
    let target = text_on(surface);
    let mut mixed = accent;
    for step in 1..=20 {
        if contrast(mixed, surface) >= READABLE {
            break;
        }
        let share = f64::from(step) / 20.0;
        mixed = [0, 1, 2].map(|at| accent[at] + (target[at] - accent[at]) * share);
    }
    mixed
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let [one, other] = [luminance(one) + 0.05, luminance(other) + 0.05];
    if one > other { one / other } else { other / one }
}

fn luminance([red, green, blue]: Colour) -> f64 {
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// sRGB's transfer function as a polynomial (Chilliant's fit, within 0.003): the exact power would cost
/// the engine a kilobyte.
fn linear(channel: f64) -> f64 {
    channel * (channel * (channel * 0.305_306_011 + 0.682_171_111) + 0.012_522_878)
}

#[cfg(test)]
mod tests {
    use super::{Colour, contrast, readable, text_on};

    /// As WCAG defines it.
    fn exact(one: Colour, other: Colour) -> f64 {
        let linear = |it: f64| {
            if it <= 0.040_45 { it / 12.92 } else { ((it + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = |it: Colour| {
            let [red, green, blue] = it.map(linear);
            0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
        };
        let [one, other] = [luminance(one), luminance(other)];
        one.max(other) / one.min(other)
    }

    /// Every colour whose channels are multiples of 15.
    fn colours() -> impl Iterator<Item = Colour> {
        (0..18 * 18 * 18).map(|number: u32| {
            [number % 18, number / 18 % 18, number / 324].map(|it| f64::from(it) / 17.0)
        })
    }

    #[test]
    fn every_accent_can_be_read_on_light_and_on_dark() {
        let [light, dark] = [[1.0; 3], [0.11, 0.14, 0.14]];
        for accent in colours() {
            for surface in [light, dark] {
                let found = exact(readable(accent, surface), surface);
                assert!(found >= 4.5, "{accent:?} on {surface:?}: {found}");
            }
        }
    }

    #[test]
    fn every_accent_can_carry_text() {
        for accent in colours() {
            let found = exact(accent, text_on(accent));
            assert!(found >= 4.5, "{accent:?}: {found}");
        }
    }

    #[test]
    fn a_readable_accent_stays_as_it_is() {
        let teal = [0.043, 0.431, 0.404];
        assert_eq!(readable(teal, [1.0; 3]), teal);
        assert!(contrast([1.0, 1.0, 0.0], [1.0; 3]) < 1.2);
    }
}
