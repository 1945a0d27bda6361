//! A score over time, with a band for its interval.

use super::Axis;
use plotters::backend::SVGBackend;
use plotters::chart::ChartBuilder;
use plotters::drawing::{DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon};
use plotters::style::{Color, RGBColor, ShapeStyle};
use std::fmt::Write;

/// One stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Point {
    /// Its first day, since 1970-01-01.
    pub(crate) day: i64,
    pub(crate) value: f64,
    /// The ends of the interval, where there is one.
    pub(crate) ends: Option<[f64; 2]>,
    /// Whether days of it are missing, as of a week that is not over: it says less than the others.
    pub(crate) is_partial: bool,
    /// What is said of it where it is pointed at.
    pub(crate) title: String,
}

/// How large the drawing is, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Whether it is a small one beside a number: without lines and words.
    pub(crate) small: bool,
    /// How much room there is for what stands at the lines.
    pub(crate) left: u32,
}

// The style sheet replaces these by the theme's.
const LINE: RGBColor = RGBColor(0x0b, 0x6e, 0x67);
const BAND: RGBColor = RGBColor(0xbb, 0xdd, 0xd8);
const GRID: RGBColor = RGBColor(0xda, 0xe2, 0xe0);

/// The drawing as SVG; `step` is the number of days from one point to the next where none is missing.
/// `y` and `x` say what stands at the lines.
pub(crate) fn trend(
    points: &[Point],
    step: i64,
    axis: &Axis,
    size: Size,
    y: &dyn Fn(f64) -> String,
    x: &dyn Fn(i64) -> String,
) -> String {
    // A drawing that fails is a hole; the table beside it says the same.
    draw(points, step, axis, size, y, x).unwrap_or_default()
}

type Drawn = Result<String, DrawingAreaErrorKind<std::io::Error>>;

fn draw(
    points: &[Point],
    step: i64,
    axis: &Axis,
    size: Size,
    y: &dyn Fn(f64) -> String,
    x: &dyn Fn(i64) -> String,
) -> Drawn {
    let [Some(first), Some(last)] = [points.first(), points.last()] else {
        return Ok(String::new());
    };
    // A lone point stands in the middle.
    let margin = if first.day == last.day { step } else { 0 };
    let days = (first.day - margin) as f64..(last.day + margin) as f64;
    let mut svg = String::new();
    let mut words = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (size.width, size.height)).into_drawing_area();
        let [left, right, top, bottom] =
            if size.small { [3, 3, 4, 4] } else { [size.left, 18, 10, 28] };
        let mut chart = ChartBuilder::on(&root)
            .margin_left(left)
            .margin_right(right)
            .margin_top(top)
            .margin_bottom(bottom)
            .build_cartesian_2d(days.clone(), axis.low..axis.high)?;
        if !size.small {
            for tick in &axis.ticks {
                let line = vec![(days.start, *tick), (days.end, *tick)];
                chart.draw_series([PathElement::new(line, GRID.stroke_width(1))])?;
                let (_, at) = chart.backend_coord(&(days.start, *tick));
                let _ = write!(
                    words,
                    "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
                    left - 8,
                    at + 4,
                    escaped(&y(*tick))
                );
            }
        }
        for run in runs(points, step) {
            let with_ends: Vec<_> =
                run.iter().filter_map(|point| Some((point.day as f64, point.ends?))).collect();
            if let [(day, [low, high])] = with_ends[..] {
                let whisker = vec![(day, low), (day, high)];
                let wide = ShapeStyle { stroke_width: 5, ..BAND.filled() };
                chart.draw_series([PathElement::new(whisker, wide)])?;
            } else {
                let upper = with_ends.iter().map(|(day, [_, high])| (*day, *high));
                let lower = with_ends.iter().rev().map(|(day, [low, _])| (*day, *low));
                let band: Vec<_> = upper.chain(lower).collect();
                chart.draw_series([Polygon::new(band, BAND.filled())])?;
            }
            let line: Vec<_> = run.iter().map(|point| (point.day as f64, point.value)).collect();
            let dots = if run.len() == 1 || (!size.small && points.len() <= 45) { 3 } else { 0 };
            if dots > 0 {
                let style = |at: usize| match run[at].is_partial {
                    true => LINE.stroke_width(1),
                    false => LINE.filled(),
                };
                let dots =
                    line.iter().enumerate().map(|(at, it)| Circle::new(*it, dots, style(at)));
                chart.draw_series(dots.collect::<Vec<_>>())?;
            }
            // What leads to a part of a week is no fall and no rise yet.
            let is_whole = |at: usize| !run[at].is_partial;
            let solid = (0..run.len()).filter(|at| is_whole(*at)).map(|at| line[at]);
            chart
                .draw_series([PathElement::new(solid.collect::<Vec<_>>(), LINE.stroke_width(2))])?;
            for (at, pair) in line.windows(2).enumerate() {
                if !(is_whole(at) && is_whole(at + 1)) {
                    let dashed = pair.iter().copied();
                    chart.draw_series([DashedPathElement::new(
                        dashed,
                        4,
                        4,
                        LINE.stroke_width(2),
                    )])?;
                }
            }
        }
        if !size.small {
            let wide = f64::from(size.width - left - right);
            for (at, day) in labelled(points, (wide / 92.0) as usize) {
                let (place, _) = chart.backend_coord(&(day as f64, axis.low));
                let anchor = match at {
                    _ if points.len() == 1 => "middle",
                    at if at == points.len() - 1 => "end",
                    _ => "middle",
                };
                let _ = write!(
                    words,
                    "<text x=\"{place}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
                    size.height - 8,
                    escaped(&x(day))
                );
            }
            // What is pointed at: a strip as wide as its point's share.
            let strip = (wide / points.len() as f64).max(6.0);
            for point in points {
                let (place, _) = chart.backend_coord(&(point.day as f64, axis.low));
                let _ = write!(
                    words,
                    "<rect class=\"strip\" x=\"{:.1}\" y=\"{top}\" width=\"{strip:.1}\" height=\"{}\"><title>{}</title></rect>",
                    // Not over what stands at the lines.
                    (f64::from(place) - strip / 2.0).max(left.into()),
                    size.height - top - bottom,
                    escaped(&point.title)
                );
            }
        }
        root.present()?;
    }
    let end = svg.rfind("</svg>").unwrap_or(svg.len());
    svg.insert_str(end, &words);
    Ok(svg)
}

/// The points that follow each other without a gap.
fn runs(points: &[Point], step: i64) -> impl Iterator<Item = &[Point]> {
    points.chunk_by(move |one, next| next.day - one.day <= step)
}

/// The points that get a date: the last, and back from there at even distances.
fn labelled(points: &[Point], most: usize) -> Vec<(usize, i64)> {
    let step = points.len().div_ceil(most.clamp(2, 12));
    let mut found: Vec<_> =
        (0..points.len()).rev().step_by(step).map(|at| (at, points[at].day)).collect();
    found.reverse();
    found
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(day: i64, value: f64) -> Point {
        let ends = Some([value - 5.0, value + 5.0]);
        Point { day, value, ends, is_partial: false, title: "<b>".to_owned() }
    }

    fn drawn(points: &[Point], size: Size) -> String {
        let axis = Axis { low: 0.0, high: 100.0, ticks: vec![0.0, 50.0, 100.0] };
        trend(points, 1, &axis, size, &|value| value.to_string(), &|day| day.to_string())
    }

    const LARGE: Size = Size { width: 600, height: 240, small: false, left: 52 };

    #[test]
    fn a_gap_is_a_gap() {
        let days = [1, 2, 3, 7, 8];
        let points: Vec<_> = days.iter().map(|day| point(*day, 50.0)).collect();
        assert_eq!(runs(&points, 1).map(<[_]>::len).collect::<Vec<_>>(), [3, 2]);
        let svg = drawn(&points, LARGE);
        assert_eq!(svg.matches("<polygon").count(), 2, "{svg}");
    }

    #[test]
    fn words_are_escaped_and_no_style_is_needed() {
        let svg = drawn(&[point(1, 20.0), point(2, 30.0)], LARGE);
        assert!(svg.contains("<title>&lt;b&gt;</title>") && !svg.contains("style="), "{svg}");
        assert!(svg.trim_end().ends_with("</svg>"), "{svg}");
    }

    #[test]
    fn what_leads_to_a_part_is_dashed() {
        let mut points: Vec<_> = [1, 2, 3].map(|day| point(day, 10.0 * day as f64)).into();
        let whole = drawn(&points, LARGE);
        points[2].is_partial = true;
        let svg = drawn(&points, LARGE);
        let lines = |svg: &str| svg.matches("<polyline").count();
        assert!(lines(&svg) > lines(&whole), "{svg}");
    }

    #[test]
    fn nothing_and_one_are_drawn() {
        assert_eq!(drawn(&[], LARGE), "");
        assert!(drawn(&[point(5, 50.0)], LARGE).contains("<circle"));
        let small = Size { width: 120, height: 36, small: true, left: 0 };
        assert!(!drawn(&[point(1, 20.0), point(2, 30.0)], small).contains("<text"));
    }
}
