//! Pictures of the explorer to look at: `cargo test -p explorer-tests --test screenshots -- --ignored`.

use explorer_tests::browser::Browser;
use explorer_tests::functions::{
    dense_graph, layered_graph, leaning_graph, logs_graph, long_graph, neuron_graph, newton_graph,
    shared_graph, spring_graph, total_graph, two_layers_graph,
};
use std::path::Path;

#[test]
#[ignore = "makes pictures, for people to look at"]
fn pictures() {
    let Some(mut browser) = Browser::open("pictures") else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/explorer");
    std::fs::create_dir_all(&folder).unwrap();
    let hundred: Vec<f64> = (0..120).map(|k| f64::from(k) * 0.5 - 10.0).collect();
    let pages = [
        ("neuron", neuron_graph(2.0, 0.0, -3.0, 1.0, 6.881373587019543), "step=11&select=2"),
        ("forward", neuron_graph(2.0, 0.0, -3.0, 1.0, 6.881373587019543), "step=3&numbers=1"),
        ("shared", shared_graph(1.5), "step=6&select=1"),
        ("mistake", shared_graph(1.5), "mistake=assign"),
        ("predict", shared_graph(1.5), "predict=1&step=6"),
        ("newton", newton_graph(5.0, 3), "step=15&select=0&expanded=0"),
        ("expanded", newton_graph(5.0, 3), "step=15"),
        ("spring", spring_graph(1.5, 0.2, 1.0), "step=755"),
        ("guard", leaning_graph(0.5, 1.2), "node1=3"),
        ("layered", layered_graph(&[0.3, -0.2, 0.5], 0.7), "step=12&expanded=0"),
        ("overview", newton_graph(5.0, 3), ""),
        ("calls", two_layers_graph(-0.7, 1.5), "step=9"),
        ("folded", two_layers_graph(-0.7, 1.5), "step=17&call0=0&call2=0"),
        ("total", total_graph(&hundred, 3.0), ""),
        ("dense", dense_graph([[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]], [1.0, 2.0, 3.0]), ""),
        ("logs", logs_graph(0.5, 2.0), ""),
        ("present", neuron_graph(2.0, 0.0, -3.0, 1.0, 6.881373587019543), "present=1&step=10"),
        ("course", newton_graph(5.0, 12), "step=30&expanded=0&select=22"),
        ("zoomed", long_graph(0.7, 600), "expanded=1&zoom=40&step=900"),
    ];
    for (name, trace, fragment) in pages {
        let page = trace.to_html().unwrap();
        println!("{name}: {} nodes, {} bytes", trace.graph().len(), page.len());
        std::fs::write(folder.join(format!("{name}.html")), &page).unwrap();
        for (width, height) in [(1400, 900), (390, 844)] {
            for dark in [false, true] {
                browser.size(width, height);
                browser.dark(dark);
                browser.load(&page, fragment);
                let scheme = if dark { "dark" } else { "light" };
                browser.screenshot(&folder.join(format!("{name}_{width}_{scheme}.png")));
            }
        }
    }
    assert_eq!(browser.complaints(), [""; 0]);
}
