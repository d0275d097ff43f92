//! Curves, drawn as SVG.

use std::path::Path;

use plotters::prelude::*;

use crate::judging::Failure;

/// What came of a number of pairs: the change of CER, a share, and its interval.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) pairs: usize,
    pub(crate) change: f64,
    pub(crate) interval: [f64; 2],
}

/// One curve.
pub(crate) struct Series {
    pub(crate) name: &'static str,
    pub(crate) points: Vec<Point>,
}

const COLOURS: [RGBColor; 2] = [RGBColor(0x1F, 0x5A, 0x96), RGBColor(0xC4, 0x5A, 0x11)];
/// Half the width of the end of an interval, and how far the curves' points stand apart.
const CAP: f64 = 0.04;
const APART: f64 = 0.06;

/// Draws the errors that went, per cent, over numbers of pairs, at equal distances; the bars are the 95 % intervals.
pub(crate) fn curve(file: &Path, series: &[&Series]) -> Result<(), Failure> {
    let root = SVGBackend::new(file, (720, 440)).into_drawing_area();
    root.fill(&WHITE)?;
    let steps: Vec<usize> =
        series.first().map_or_else(Vec::new, |s| s.points.iter().map(|p| p.pairs).collect());
    let all = || series.iter().flat_map(|s| &s.points);
    let most = all().map(|p| -100.0 * p.interval[0]).fold(10.0, f64::max);
    let mut chart = ChartBuilder::on(&root)
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(-0.3..steps.len() as f64 - 0.7, 0.0..(most / 10.0).ceil() * 10.0)?;
    let label = |at: &f64| {
        let step = steps.iter().zip(0_u32..).find(|(_, step)| (f64::from(*step) - at).abs() < 1e-6);
        step.map_or_else(String::new, |(pairs, _)| pairs.to_string())
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .x_labels(2 * steps.len())
        .x_label_formatter(&label)
        .y_label_formatter(&|percent| format!("{percent:.0} %"))
        .x_desc("pairs")
        .y_desc("errors mended, net")
        .label_style(("sans-serif", 14))
        .draw()?;
    for ((series, colour), apart) in series.iter().zip(COLOURS).zip([-APART / 2.0, APART / 2.0]) {
        let at = |step: u32| f64::from(step) + apart;
        let points: Vec<(f64, &Point)> = (0..).zip(&series.points).map(|(step, p)| (at(step), p)).collect();
        let line = points.iter().map(|(x, p)| (*x, -100.0 * p.change));
        chart
            .draw_series(LineSeries::new(line.clone(), colour.stroke_width(2)))?
            .label(series.name)
            .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 18, y)], colour.stroke_width(2)));
        chart.draw_series(line.map(|at| Circle::new(at, 4, colour.filled())))?;
        for (x, point) in points {
            let [high, low] = point.interval.map(|end| -100.0 * end);
            let strokes =
                [[(x, low), (x, high)], [(x - CAP, low), (x + CAP, low)], [(x - CAP, high), (x + CAP, high)]];
            chart.draw_series(strokes.map(|stroke| PathElement::new(stroke.to_vec(), colour)))?;
        }
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .border_style(BLACK.mix(0.3))
        .background_style(WHITE)
        .label_font(("sans-serif", 14))
        .draw()?;
    root.present()?;
    Ok(())
}
