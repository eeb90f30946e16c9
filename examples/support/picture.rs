//! Pictures of a training run, as SVG files in `target/pictures`.

use gradus::datasets::Dataset;
use plotters::coord::Shift;
use plotters::prelude::*;
use std::error::Error;
use std::path::{Path, PathBuf};

/// The colours of the two classes, dark for the points and light for the plane behind them.
const DARK: [RGBColor; 2] = [RGBColor(180, 83, 9), RGBColor(29, 78, 137)];
const LIGHT: [RGBColor; 2] = [RGBColor(252, 226, 196), RGBColor(205, 223, 243)];

type Drawn<T = ()> = Result<T, Box<dyn Error>>;
type Area<'p> = DrawingArea<SVGBackend<'p>, Shift>;

/// Where the picture of this name lies; the folder is made.
pub fn place(name: &str) -> Drawn<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(name).with_extension("svg"))
}

fn canvas(path: &Path, width: u32, height: u32) -> Drawn<Area<'_>> {
    let area = SVGBackend::new(path, (width, height)).into_drawing_area();
    area.fill(&WHITE)?;
    Ok(area)
}

/// The loss after each step.
#[allow(dead_code, reason = "not every example trains")]
pub fn loss_curve(path: &Path, title: &str, step: &str, losses: &[f64]) -> Drawn {
    let area = canvas(path, 640, 400)?;
    let highest = losses.iter().copied().filter(|loss| loss.is_finite()).fold(1e-9, f64::max);
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 20))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..losses.len() as f64, 0.0..highest * 1.05)?;
    chart
        .configure_mesh()
        .x_desc(step)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_desc("loss")
        .light_line_style(WHITE)
        .draw()?;
    let points = losses.iter().enumerate().map(|(index, &loss)| ((index + 1) as f64, loss));
    chart.draw_series(LineSeries::new(points, DARK[1].stroke_width(2)))?;
    area.present()?;
    Ok(())
}

/// The numbers that each chain of a sampler drew, in their order.
#[allow(dead_code, reason = "only one example samples")]
pub fn chains(path: &Path, title: &str, chains: &[Vec<f64>]) -> Drawn {
    const COLOURS: [RGBColor; 4] = [DARK[0], DARK[1], RGBColor(21, 128, 61), RGBColor(126, 34, 206)];
    let area = canvas(path, 900, 320)?;
    let numbers = chains.iter().flatten().copied();
    let lowest = numbers.clone().fold(f64::INFINITY, f64::min);
    let highest = numbers.fold(f64::NEG_INFINITY, f64::max);
    let longest = chains.iter().map(Vec::len).max().unwrap_or(0);
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 20))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(0.0..longest as f64, lowest..highest)?;
    chart
        .configure_mesh()
        .x_desc("draw")
        .x_label_formatter(&|x| format!("{x:.0}"))
        .light_line_style(WHITE)
        .draw()?;
    for (chain, colour) in chains.iter().zip(COLOURS.iter().cycle()) {
        let points = chain.iter().enumerate().map(|(draw, &number)| (draw as f64, number));
        chart.draw_series(LineSeries::new(points, colour.mix(0.7).stroke_width(1)))?;
    }
    area.present()?;
    Ok(())
}

/// The plane as the network divides it, and the samples on it. A score above 0 is for class 1.
#[allow(dead_code, reason = "not every example's samples lie in the plane")]
pub fn decision_boundary(
    path: &Path,
    title: &str,
    data: &Dataset<2>,
    score: impl Fn(&[f64; 2]) -> f64,
) -> Drawn {
    const CELLS: usize = 120;
    let span = |axis: usize| {
        let coordinates = data.inputs.iter().map(|input| input[axis]);
        let low = coordinates.clone().fold(f64::INFINITY, f64::min);
        (low - 0.5, coordinates.fold(f64::NEG_INFINITY, f64::max) + 0.5)
    };
    let ((left, right), (low, high)) = (span(0), span(1));
    let (width, height) = ((right - left) / CELLS as f64, (high - low) / CELLS as f64);

    let area = canvas(path, 640, 520)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 20))
        .margin(16)
        .x_label_area_size(28)
        .y_label_area_size(40)
        .build_cartesian_2d(left..right, low..high)?;
    // Cells of one row and class that touch are one rectangle: crisp, and a small file.
    for row in 0..CELLS {
        let y = low + height * row as f64;
        let class = |column: usize| {
            let centre = [left + width * (column as f64 + 0.5), y + height / 2.0];
            usize::from(score(&centre) > 0.0)
        };
        let classes: Vec<usize> = (0..CELLS).map(class).collect();
        let mut start = 0;
        for run in classes.chunk_by(|a, b| a == b) {
            let end = start + run.len();
            let corners = [(left + width * start as f64, y), (left + width * end as f64, y + height)];
            chart.draw_series([Rectangle::new(corners, LIGHT[run[0]].filled())])?;
            start = end;
        }
    }
    chart.configure_mesh().disable_mesh().draw()?;
    let points = data.inputs.iter().zip(&data.labels);
    chart.draw_series(points.map(|(&[x, y], &label)| Circle::new((x, y), 4, DARK[label].filled())))?;
    for (place, (name, colour)) in data.names.iter().zip(DARK).enumerate() {
        let x = 470 + 90 * i32::try_from(place)?;
        area.draw(&Circle::new((x, 60), 4, colour.filled()))?;
        area.draw(&Text::new(name.clone(), (x + 9, 54), ("sans-serif", 13)))?;
    }
    area.present()?;
    Ok(())
}

/// Images of 8 × 8 pixels from 0 (paper) to 1 (ink), six in a row, with a line of text under each.
#[allow(dead_code, reason = "only one example has images")]
pub fn images(path: &Path, title: &str, images: &[([f64; 64], String)]) -> Drawn {
    const PIXEL: i32 = 12;
    const TILE: (i32, i32) = (8 * PIXEL + 40, 8 * PIXEL + 44);
    let rows = images.len().div_ceil(6).max(1);
    let area =
        canvas(path, 6 * TILE.0.unsigned_abs() + 20, u32::try_from(rows)? * TILE.1.unsigned_abs() + 50)?;
    area.draw(&Text::new(title.to_string(), (20, 14), ("sans-serif", 20)))?;
    for (index, (image, text)) in images.iter().enumerate() {
        let x = 20 + i32::try_from(index % 6)? * TILE.0;
        let y = 50 + i32::try_from(index / 6)? * TILE.1;
        for (place, pixel) in image.iter().enumerate() {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
            let shade = (255.0 * (1.0 - pixel.clamp(0.0, 1.0))) as u8;
            let (column, row) = (i32::try_from(place % 8)?, i32::try_from(place / 8)?);
            let corner = (x + column * PIXEL, y + row * PIXEL);
            let corners = [corner, (corner.0 + PIXEL, corner.1 + PIXEL)];
            area.draw(&Rectangle::new(corners, RGBColor(shade, shade, shade).filled()))?;
        }
        area.draw(&Rectangle::new([(x, y), (x + 8 * PIXEL, y + 8 * PIXEL)], RGBColor(160, 160, 160)))?;
        area.draw(&Text::new(text.clone(), (x, y + 8 * PIXEL + 6), ("sans-serif", 14)))?;
    }
    area.present()?;
    Ok(())
}

/// Lines in the plane, each with a name, and a dot at its end.
#[allow(dead_code, reason = "not every example draws lines")]
pub struct Curves<'l> {
    /// What is written above.
    pub title: &'l str,
    /// What is written beside the axes.
    pub axes: [&'l str; 2],
    /// The ends of the axes.
    pub spans: [(f64, f64); 2],
    /// The lines.
    #[allow(clippy::struct_field_names, reason = "they are what the picture is of")]
    pub lines: Vec<(&'l str, Vec<[f64; 2]>)>,
}

/// The colours of lines.
#[allow(dead_code, reason = "not every example draws lines")]
const LINES: [RGBColor; 4] =
    [RGBColor(29, 78, 137), RGBColor(180, 83, 9), RGBColor(160, 30, 60), RGBColor(80, 80, 80)];

/// Draws them, with the names in a corner.
#[allow(dead_code, reason = "not every example draws lines")]
pub fn lines(path: &Path, Curves { title, axes, spans, lines }: Curves<'_>) -> Drawn {
    let area = canvas(path, 640, 600)?;
    let [x, y] = spans;
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 20))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(56)
        .build_cartesian_2d(x.0..x.1, y.0..y.1)?;
    chart.configure_mesh().x_desc(axes[0]).y_desc(axes[1]).light_line_style(WHITE).draw()?;
    for ((name, points), colour) in lines.iter().zip(LINES) {
        let points = points.iter().map(|&[x, y]| (x, y));
        let end = points.clone().next_back();
        let drawn = chart.draw_series(LineSeries::new(points, colour.stroke_width(2)))?;
        drawn
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
        chart.draw_series(end.map(|end| Circle::new(end, 4, colour.filled())))?;
    }
    chart.configure_series_labels().background_style(WHITE.mix(0.8)).border_style(LINES[3]).draw()?;
    area.present()?;
    Ok(())
}
