//! A tree of sizes as one HTML page without scripts: nested boxes whose areas are
//! the sizes, laid out by the squarified treemap algorithm (Bruls, Huizing and
//! van Wijk, 2000).

use super::size::Item;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Size of the drawing in pixels.
const WIDTH: f64 = 1200.0;
const HEIGHT: f64 = 700.0;
/// Room for a box's heading.
const HEAD: f64 = 15.0;
/// Boxes below this width or height are not divided further.
const SMALLEST: f64 = 12.0;

#[derive(Default)]
struct Node {
    size: u64,
    children: BTreeMap<String, Node>,
}

#[derive(Clone, Copy)]
struct Area {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
}

/// The page; `measure` says which of an item's sizes counts.
pub fn page(title: &str, items: &[Item], measure: impl Fn(&Item) -> u32) -> String {
    let mut top = Node::default();
    for item in items {
        let size = u64::from(measure(item));
        if size == 0 {
            continue;
        }
        let mut node = &mut top;
        node.size += size;
        for part in item.path.iter().map(String::as_str).chain([item.kind.name()]) {
            node = node.children.entry(part.to_string()).or_default();
            node.size += size;
        }
    }
    let title = escape(&format!("{title}: {} bytes", top.size));
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\n\
         <style>body{{font:13px sans-serif;margin:16px}}\
         .m{{position:relative;width:{WIDTH}px;height:{HEIGHT}px}}\
         .m div{{position:absolute;box-sizing:border-box;border:1px solid #fff;overflow:hidden;\
         white-space:nowrap;font-size:11px;padding:0 2px}}</style>\n<h1>{title}</h1>\n<div class=\"m\">\n"
    );
    draw(&mut out, &top, Area { x: 0.0, y: 0.0, w: WIDTH, h: HEIGHT }, "", 0);
    out.push_str("</div>\n</html>\n");
    out
}

fn draw(out: &mut String, node: &Node, area: Area, path: &str, depth: usize) {
    let mut children: Vec<(&String, &Node)> = node.children.iter().collect();
    children.sort_by(|a, b| b.1.size.cmp(&a.1.size).then(a.0.cmp(b.0)));
    let sizes: Vec<f64> = children.iter().map(|(_, n)| n.size as f64).collect();
    for ((name, child), at) in children.into_iter().zip(squarify(&sizes, area)) {
        let path = if path.is_empty() { name.clone() } else { format!("{path} › {name}") };
        let (text, label) = (escape(&path), escape(name));
        // Hues by depth and name length keep neighbours apart without a colour table.
        let hue = (depth * 67 + name.len() * 29) % 360;
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "<div style=\"left:{:.1}px;top:{:.1}px;width:{:.1}px;height:{:.1}px;\
             background:hsl({hue},45%,{}%)\" title=\"{text}: {} bytes\">{label}</div>",
            at.x,
            at.y,
            at.w,
            at.h,
            (70 + depth * 5).min(92),
            child.size
        );
        let inner = Area { x: at.x + 2.0, y: at.y + HEAD, w: at.w - 4.0, h: at.h - HEAD - 2.0 };
        if inner.w > SMALLEST && inner.h > SMALLEST {
            draw(out, child, inner, &path, depth + 1);
        }
    }
}

/// Areas for `sizes` (descending) that fill `area`, as square as possible.
fn squarify(sizes: &[f64], area: Area) -> Vec<Area> {
    let mut areas = Vec::with_capacity(sizes.len());
    let mut left: f64 = sizes.iter().sum();
    let mut rest = area;
    let mut at = 0;
    while at < sizes.len() && left > 0.0 {
        let scale = rest.w * rest.h / left;
        let side = rest.w.min(rest.h);
        // Worst ratio of a row along the shorter side, given its sum and extremes.
        let worst = |sum: f64, large: f64, small: f64| {
            let square = (sum * scale).powi(2);
            (side * side * large * scale / square).max(square / (side * side * small * scale))
        };
        let large = sizes[at];
        let (mut end, mut sum) = (at + 1, large);
        while end < sizes.len() {
            let small = sizes[end];
            if worst(sum + small, large, small) > worst(sum, large, sizes[end - 1]) {
                break;
            }
            sum += small;
            end += 1;
        }
        let thick = sum * scale / side;
        let mut offset = 0.0;
        for size in &sizes[at..end] {
            let long = size * scale / thick;
            areas.push(if rest.w < rest.h {
                Area { x: rest.x + offset, y: rest.y, w: long, h: thick }
            } else {
                Area { x: rest.x, y: rest.y + offset, w: thick, h: long }
            });
            offset += long;
        }
        if rest.w < rest.h {
            rest = Area { y: rest.y + thick, h: rest.h - thick, ..rest };
        } else {
            rest = Area { x: rest.x + thick, w: rest.w - thick, ..rest };
        }
        left -= sum;
        at = end;
    }
    areas
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_proportional_and_inside() {
        // The example of the paper: a 6 by 4 rectangle.
        let sizes = [6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0];
        let whole = Area { x: 0.0, y: 0.0, w: 6.0, h: 4.0 };
        let areas = squarify(&sizes, whole);
        assert_eq!(areas.len(), sizes.len());
        for (area, size) in areas.iter().zip(sizes) {
            assert!((area.w * area.h - size).abs() < 1e-9);
            assert!(area.x >= -1e-9 && area.x + area.w <= 6.0 + 1e-9);
            assert!(area.y >= -1e-9 && area.y + area.h <= 4.0 + 1e-9);
        }
        // The paper's first row: two boxes of 3 by 2 one above the other.
        assert!((areas[0].w - 3.0).abs() < 1e-9 && (areas[1].h - 2.0).abs() < 1e-9);
    }
}
