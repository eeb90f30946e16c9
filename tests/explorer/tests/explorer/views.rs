//! How the page is looked at: overview, presentation, zoom, large graphs, phones, print, frames of other pages, files.

use super::{assert_quiet, lecture, open, texts};
use explorer_tests::browser::Browser;
use explorer_tests::functions::{
    dense_graph, leaning_graph, long_graph, newton_graph, settled_graph, shared_graph, spring_graph,
    total_graph, two_layers_graph,
};
use serde_json::{Value, json};

#[test]
fn a_page_opens_on_its_overview() {
    let Some(mut browser) = Browser::open("overview") else { return };
    open(&mut browser, &newton_graph(5.0, 12), "");
    assert_eq!(browser.text("#step-title"), "Overview");
    let card = browser.text("#step");
    for part in
        ["newton(a) = 2.236", "36 operations forward, 36 backward", "In the loops:", "x 12×: 3 … 2.236"]
    {
        assert!(card.contains(part), "no {part} in {card}");
    }
    assert_eq!(browser.eval("document.querySelectorAll('#step .spark').length"), json!(1));
    assert_eq!(texts(&mut browser, ".box.current"), [""; 0], "no step is shown");
    assert_eq!(browser.text("[data-key='node 0'] .gradient"), "∂ 0.2236", "all numbers are");
    // From the overview the first step is next; the address has a step only then.
    browser.press("ArrowRight");
    assert_eq!(browser.eval("[state.step, state.overview]"), json!([1, false]));
    browser.wait_for("location.hash.includes('step=1')");
    browser.press("o");
    assert_eq!(browser.text("#step-title"), "Overview");
    browser.wait_for("!location.hash.includes('step=')");
    // A row of the loops leads to the variable, with all of its iterations.
    browser.click("#step .finding.row");
    assert!(browser.text("#node").contains("x in all 12 iterations"), "{}", browser.text("#node"));
    assert_eq!(texts(&mut browser, ".course tr").len(), 12);
    assert_eq!(texts(&mut browser, ".course tr.here td"), ["12", "2.236", "∂ 1"]);
    assert_quiet(&mut browser);
}

#[test]
fn presentation_has_large_type_and_keeps_its_picture() {
    let Some(mut browser) = Browser::open("presentation") else { return };
    browser.size(1920, 1080);
    open(&mut browser, &shared_graph(1.5), "step=6&present=1");
    let size = |browser: &mut Browser, selector: &str| {
        browser
            .eval(&format!("parseFloat(getComputedStyle(document.querySelector('{selector}')).fontSize)"))
            .as_f64()
            .unwrap()
    };
    for selector in ["#source-text", ".formula", ".heading b"] {
        let points = size(&mut browser, selector);
        assert!(points >= 20.0, "{selector} has {points} px");
    }
    let filled = "Math.max(document.querySelector('#graph-scroll > svg').clientWidth / document.getElementById('graph-scroll').clientWidth, \
                  document.querySelector('#graph-scroll > svg').clientHeight / document.getElementById('graph-scroll').clientHeight)";
    let share = browser.eval(filled).as_f64().unwrap();
    assert!((0.9..=1.0).contains(&share), "the graph fills {share} of its pane");
    let type_on_boxes = browser.eval("12 * drawn.scale").as_f64().unwrap();
    assert!(type_on_boxes >= 18.0, "{type_on_boxes} px on the boxes");
    // Boxes are wider with a mistake, but the picture keeps its direction.
    for trace in [shared_graph(1.5), lecture(), newton_graph(5.0, 3)] {
        open(&mut browser, &trace, "step=6&present=1");
        let down = browser.eval("derived.picture.down");
        for _ in 0..4 {
            browser.press("m");
            assert_eq!(browser.eval("derived.picture.down"), down);
        }
    }
    browser.press("f");
    assert!(size(&mut browser, "#source-text") < 14.0);
    assert_quiet(&mut browser);
}

#[test]
fn a_picture_larger_than_its_pane_is_zoomed_panned_and_mapped() {
    let Some(mut browser) = Browser::open("zoom") else { return };
    open(&mut browser, &lecture(), "");
    assert_eq!(browser.eval("document.getElementById('map').hidden"), json!(true), "it is all in sight");
    open(&mut browser, &spring_graph(1.5, 0.2, 1.0), "expanded=1&step=400");
    assert_eq!(browser.eval("document.getElementById('map').hidden"), json!(false));
    let scale = |browser: &mut Browser| browser.eval("drawn.scale").as_f64().unwrap();
    let before = scale(&mut browser);
    browser.press("+");
    assert!((scale(&mut browser) / before - 1.2).abs() < 1e-9);
    browser.click("#fit");
    let whole = browser.eval(
        "(() => { const pane = document.getElementById('graph-scroll'); return [pane.scrollWidth <= pane.clientWidth + 1, pane.scrollHeight <= pane.clientHeight + 1]; })()",
    );
    assert_eq!(whole, json!([true, true]));
    browser.press("0");
    assert!((scale(&mut browser) - before).abs() < 1e-9);
    // The wheel zooms about the pointer.
    let fixed = browser.eval(
        "(() => { const pane = document.getElementById('graph-scroll'), box = pane.getBoundingClientRect(); pane.scrollTo(100, 4000); \
         const at = () => (pane.scrollTop + 200) / drawn.scale, before = at(); \
         pane.dispatchEvent(new WheelEvent('wheel', { deltaY: -120, ctrlKey: true, clientX: box.left + 100, clientY: box.top + 200, cancelable: true })); \
         return Math.abs(at() - before); })()",
    );
    assert!(fixed.as_f64().unwrap() < 3.0, "{fixed}");
    // Dragging the ground pans, and so does the map.
    let moved = browser.eval(
        "(() => { const pane = document.getElementById('graph-scroll'); pane.setPointerCapture = () => {}; const before = pane.scrollTop; \
         const drag = (type, y) => pane.dispatchEvent(new PointerEvent(type, { button: 0, clientX: 700, clientY: y })); \
         drag('pointerdown', 400); drag('pointermove', 300); drag('pointerup', 300); return Math.round(pane.scrollTop - before); })()",
    );
    assert_eq!(moved, json!(100));
    let place = browser.eval(
        "(() => { const map = document.getElementById('map'), box = map.getBoundingClientRect(), pane = document.getElementById('graph-scroll'); \
         map.setPointerCapture = () => {}; \
         map.dispatchEvent(new PointerEvent('pointerdown', { clientX: box.left + 5, clientY: box.bottom - 6, buttons: 1 })); \
         return pane.scrollTop + pane.clientHeight > 0.9 * pane.scrollHeight; })()",
    );
    assert_eq!(place, json!(true));
    browser.wait_for("location.hash.includes('zoom=')");
    // The splitter moves by keys.
    let width = "document.getElementById('left').clientWidth";
    let narrow = browser.eval(width).as_f64().unwrap();
    browser.eval("document.getElementById('splitter').focus()");
    browser.press("ArrowRight");
    assert!(browser.eval(width).as_f64().unwrap() > narrow + 20.0);
    assert_eq!(browser.eval("state.step"), json!(400), "the arrow is the splitter's");
    assert_quiet(&mut browser);
}

#[test]
fn loops_are_opened_only_where_they_fit() {
    let Some(mut browser) = Browser::open("fitting") else { return };
    for (width, height) in [(1400, 900), (390, 844)] {
        browser.size(width, height);
        for trace in [
            newton_graph(5.0, 1),
            newton_graph(5.0, 2),
            newton_graph(5.0, 6),
            dense_graph([[0.1; 3]; 2], [1.0; 3]),
        ] {
            open(&mut browser, &trace, "");
            let fits = browser.eval(
                "!state.expanded || (derived.picture.width * 0.8 <= document.getElementById('graph-scroll').clientWidth \
                 && derived.picture.height * 0.8 <= document.getElementById('graph-scroll').clientHeight)",
            );
            assert_eq!(fits, json!(true), "{trace:?} at {width}");
        }
    }
    browser.size(1400, 900);
    open(&mut browser, &newton_graph(5.0, 1), "");
    assert_eq!(browser.eval("state.expanded"), json!(true), "one iteration fits");
    open(&mut browser, &newton_graph(5.0, 6), "");
    assert_eq!(browser.eval("state.expanded"), json!(false), "six do not");
    assert_quiet(&mut browser);
}

#[test]
fn two_thousand_nodes_are_quick_and_legible() {
    let Some(mut browser) = Browser::open_alone("two-thousand") else { return };
    let xs: Vec<f64> = (0..990).map(|k| f64::from(k % 7) - 3.0).collect();
    for (name, trace) in [("loop", long_graph(0.7, 660)), ("sum", total_graph(&xs, 3.0))] {
        assert!((1900..=2000).contains(&trace.graph().len()), "{}", trace.graph().len());
        for fragment in ["step=1", "step=1&expanded=1"] {
            open(&mut browser, &trace, fragment);
            browser.screenshot(&std::env::temp_dir().join("explorer-two-thousand.png"));
            let before = browser.computed();
            browser.eval(
                "Array.from({ length: 60 }, () => { \
                 actions.go((state.step + 1) % derived.timeline.steps.length); document.body.offsetHeight; })",
            );
            let step = (browser.computed() - before) / 60.0;
            println!("{name}, {fragment}: a step takes {step:.1} ms");
            assert!(step < 16.0, "{name}, {fragment}: a step takes {step} ms");
        }
        // Without a choice of the reader, what is shown fits the pane at a size that can be read.
        open(&mut browser, &trace, "");
        let boxes = browser.eval("derived.picture.boxes.length").as_u64().unwrap();
        assert!(boxes < 20, "{boxes} boxes");
        let type_size = browser.eval("12 * drawn.scale").as_f64().unwrap();
        assert!(type_size >= 9.0, "{type_size} px");
    }
    assert_quiet(&mut browser);
}

/// Texts that lie on each other, in a script: within each box, and among the labels of arrows, ports and heads.
const COLLISIONS: &str = "(() => {
    const wrong = [], place = element => element.getBoundingClientRect();
    const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
    for (const box of document.querySelectorAll('.box, .stack, .frame-head')) {
        const own = [...box.querySelectorAll('text')].filter(text => text.textContent !== '');
        own.forEach((one, k) => own.slice(0, k).forEach(other => {
            if (meet(place(one), place(other))) wrong.push(`${one.textContent} on ${other.textContent}`);
        }));
        const body = box.querySelector('rect.body, rect');
        if (!box.matches('.frame-head')) for (const text of own)
            if (place(text).right > place(body).right + 1 || place(text).left < place(body).left - 1) wrong.push(`${text.textContent} leaves its box`);
    }
    const labels = [...document.querySelectorAll('.labels g')];
    labels.forEach((one, k) => labels.slice(0, k).forEach(other => {
        if (meet(place(one), place(other))) wrong.push(`${one.textContent} on ${other.textContent}`);
    }));
    return wrong;
})()";

#[test]
fn texts_keep_clear_of_each_other() {
    let Some(mut browser) = Browser::open("collisions") else { return };
    let tiny = dense_graph([[-1.2345e-12, 2.0, 3.0], [4.0, 5.0, 6.0]], [-1.2345e-12, 1e-9, 3.3333e-7]);
    let traces =
        [tiny, lecture(), shared_graph(1.2345e-9), two_layers_graph(-0.7, 1.5), spring_graph(1.5, 0.2, 1.0)];
    for trace in traces {
        for fragment in ["", "mistake=assign", "expanded=1&step=0", "expanded=0&numbers=1"] {
            open(&mut browser, &trace, fragment);
            let last = browser.eval("derived.timeline.steps.length - 1").as_u64().unwrap();
            for step in (0..=last).step_by(usize::try_from(last).unwrap().div_ceil(12)) {
                if !fragment.is_empty() {
                    browser.eval(&format!("actions.go({step})"));
                }
                assert_eq!(browser.eval(COLLISIONS), json!([]), "{trace:?}, {fragment}, step {step}");
            }
        }
    }
    assert_quiet(&mut browser);
}

#[test]
fn what_is_cut_keeps_its_operator_and_its_ends() {
    let Some(mut browser) = Browser::open("cutting") else { return };
    open(&mut browser, &two_layers_graph(-0.7, 1.5), "");
    assert_eq!(browser.eval("shorten('abcdefghij', 7)"), json!("abc…hij"));
    assert_eq!(browser.eval("shorten('abcdefghij', 10)"), json!("abcdefghij"));
    let short = |browser: &mut Browser, text: &str, columns: usize| {
        browser.eval(&format!(
            "shortTitle(model, model.nodes.find(node => node.site?.text === {}), {columns})",
            json!(text)
        ))
    };
    assert_eq!(short(&mut browser, "1.0 / (1.0 + (-x).exp())", 18), json!("1.0 / (1.0 +…xp())"));
    assert_eq!(short(&mut browser, "1.0 + (-x).exp()", 12), json!("1.0 + (-x…()"));
    // The whole text is a tooltip.
    assert_eq!(browser.text(".box title"), "1.0 / (1.0 + (-x).exp())");
    assert_quiet(&mut browser);
}

#[test]
fn a_matrix_is_shown_as_one() {
    let Some(mut browser) = Browser::open("matrix") else { return };
    open(&mut browser, &dense_graph([[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]], [1.0, 2.0, 3.0]), "");
    let fields = browser.eval("[...document.querySelectorAll('.matrix tr')].map(row => [...row.querySelectorAll('input')].map(field => field.valueAsNumber))");
    assert_eq!(fields, json!([[0.1, -0.2, 0.3], [0.4, 0.5, -0.6]]));
    browser.eval("(() => { const field = document.querySelectorAll('.matrix input')[4]; field.value = 1.5; field.dispatchEvent(new Event('input')); })()");
    let exact = dense_graph([[0.1, -0.2, 0.3], [0.4, 1.5, -0.6]], [1.0, 2.0, 3.0]).value();
    let shown = browser.eval("derived.run.values[model.outputs[0].node]").as_f64().unwrap();
    assert!((shown - exact).abs() < 1e-12);
    assert_quiet(&mut browser);
}

#[test]
fn a_warning_is_never_clipped() {
    let Some(mut browser) = Browser::open("clipping") else { return };
    for (width, height) in [(1400, 900), (1400, 500), (390, 844)] {
        browser.size(width, height);
        open(&mut browser, &leaning_graph(0.5, 1.2), "node1=3&step=3");
        let seen = browser.eval(
            "(() => { const warning = document.getElementById('warning'), box = warning.getBoundingClientRect(); \
             return warning.scrollHeight <= warning.clientHeight + 1 && box.height > 20 && box.top >= 0 && box.bottom <= innerHeight; })()",
        );
        assert_eq!(seen, json!(true), "{width} × {height}");
    }
    // The last number that still holds stands next to the reason, and is in sight.
    browser.size(1280, 720);
    open(&mut browser, &settled_graph(2.0), "node0=100&step=31");
    let seen = browser.eval(
        "(() => { const last = model.nodes.findLast(node => node.operation && node.index < derived.run.broken.after), \
         box = drawn.boxes.find(box => box.index === last.index && !box.chip).element.getBoundingClientRect(), \
         pane = document.getElementById('graph-scroll').getBoundingClientRect(); return box.top >= pane.top && box.bottom <= pane.bottom; })()",
    );
    assert_eq!(seen, json!(true));
    assert_quiet(&mut browser);
}

/// Whether elements are in sight without scrolling.
fn in_sight(browser: &mut Browser, selectors: &[&str]) -> Value {
    browser.eval(&format!(
        "(() => {{ const below = document.querySelector('footer').getBoundingClientRect().top; return {}.filter(selector => {{ \
         const box = document.querySelector(selector).getBoundingClientRect(); \
         return box.height === 0 || box.top < 0 || box.top + Math.min(box.height, 60) > below; }}); }})()",
        json!(selectors)
    ))
}

#[test]
fn phones_and_frames_show_graph_and_arithmetic_together() {
    let Some(mut browser) = Browser::open("phones") else { return };
    for (width, height, fragment) in
        [(390, 844, "step=10"), (720, 480, "step=10"), (720, 400, "step=10&embed=1"), (360, 640, "step=10")]
    {
        browser.size(width, height);
        open(&mut browser, &lecture(), fragment);
        let hidden = in_sight(&mut browser, &["#graph-scroll", "#step .formula", "#step .assignment"]);
        assert_eq!(hidden, json!([]), "{width} × {height}");
        let wide = browser.eval("document.documentElement.scrollWidth - innerWidth");
        assert_eq!(wide, json!(0), "nothing is wider than the window of {width}");
    }
    // In another page's frame there is no address to write; nothing is thrown, and the page works.
    let page = lecture().to_html().unwrap();
    open(&mut browser, &lecture(), "");
    let step = browser.eval(&format!(
        "new Promise(done => {{ const frame = document.createElement('iframe'); frame.srcdoc = {}; frame.onload = () => {{ \
         frame.contentDocument.getElementById('forward').click(); \
         setTimeout(() => done(frame.contentDocument.getElementById('step-title').textContent), 600); }}; document.body.append(frame); }})",
        json!(page)
    ));
    assert_eq!(step, json!("Forward 1 of 5"));
    assert_quiet(&mut browser);
}

#[test]
fn code_is_not_cut_to_pieces_by_the_numbers_beside_it() {
    let Some(mut browser) = Browser::open("columns") else { return };
    for (width, fragment) in
        [(1400, ""), (1200, ""), (900, ""), (830, ""), (390, ""), (1920, "present=1"), (1280, "present=1")]
    {
        browser.size(width, 700);
        open(&mut browser, &two_layers_graph(-0.7, 1.5), fragment);
        let narrow = browser.eval(
            "[...document.querySelectorAll('#source-text .code')].filter(code => code.textContent.trim().length > 20 \
             && code.clientWidth / parseFloat(getComputedStyle(code).fontSize) < 12).map(code => code.textContent)",
        );
        assert_eq!(narrow, json!([]), "at {width}, {fragment}");
    }
    assert_quiet(&mut browser);
}

#[test]
fn print_shows_everything() {
    let Some(mut browser) = Browser::open("print") else { return };
    open(&mut browser, &spring_graph(1.5, 0.2, 1.0), "step=400");
    browser.print_media(true);
    let clipped = browser.eval(
        "[...document.querySelectorAll('.pane, .scroll, #graph-scroll, #source-text, #inputs-list, main, body')]\
         .filter(element => element.scrollHeight > element.clientHeight + 2 && getComputedStyle(element).overflowY !== 'visible')\
         .map(element => element.id || element.className)",
    );
    assert_eq!(clipped, json!([]));
    assert_eq!(browser.eval("getComputedStyle(document.querySelector('footer')).display"), json!("none"));
    let fits = browser.eval("document.querySelector('#graph-scroll > svg').getBoundingClientRect().right <= document.documentElement.clientWidth + 1");
    assert_eq!(fits, json!(true));
    assert_quiet(&mut browser);
}

#[test]
fn pictures_are_saved_as_png_and_gif() {
    let Some(mut browser) = Browser::open("saving") else { return };
    open(&mut browser, &lecture(), "step=7");
    let bytes = "file => new Response(file).arrayBuffer().then(buffer => [...new Uint8Array(buffer)])";
    let read = |value: &Value| -> Vec<u8> {
        value.as_array().unwrap().iter().map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap()).collect()
    };
    let png = read(&browser.eval(&format!("pngFile().then({bytes})")));
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.len() > 5_000, "{} bytes", png.len());
    let gif = read(&browser.eval(&format!("gifFile().then({bytes})")));
    assert!(gif.starts_with(b"GIF89a") && gif.ends_with(b"\x3b"));
    assert_eq!(browser.eval("[state.step, state.overview]"), json!([7, false]), "the page is where it was");
    // Chromium's own decoder reads the frames, and they differ: a step each.
    let decoded = browser.eval(
        "gifFile().then(async file => { const decoder = new ImageDecoder({ data: await file.arrayBuffer(), type: 'image/gif' }); \
         await decoder.tracks.ready; await decoder.completed; const count = decoder.tracks.selectedTrack.frameCount, sums = new Set(); \
         for (let frameIndex = 0; frameIndex < count; frameIndex += 1) { const { image } = await decoder.decode({ frameIndex }); \
         const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight), pen = canvas.getContext('2d'); pen.drawImage(image, 0, 0); \
         sums.add(pen.getImageData(0, 0, canvas.width, canvas.height).data.reduce((sum, byte, k) => (sum * 31 + byte * (k % 7)) % 1000003, 0)); } \
         return [count, sums.size]; })",
    );
    assert_eq!(decoded, json!([12, 12]));
    let told = browser.complaints().to_vec();
    assert!(told.iter().all(|line| line.starts_with("request of data:image/svg+xml")), "{told:?}");
}
