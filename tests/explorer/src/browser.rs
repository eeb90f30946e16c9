//! A headless Chromium, driven by the protocol of Chrome's developer tools, over a pipe.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// Where a Chromium may be found; `CHROMIUM` names another.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// How long an answer, and what a test waits for, may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Browsers run side by side, but for those that measure times.
static TURNS: RwLock<()> = RwLock::new(());

/// Held as long as a browser runs.
#[allow(dead_code, reason = "what counts is when it is dropped")]
enum Turn {
    Shared(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
}

/// A browser with one page.
pub struct Browser {
    process: Child,
    commands: ChildStdin,
    answers: Receiver<Value>,
    session: Option<String>,
    next: u64,
    /// Errors, warnings and requests that the page has made, other than for its own file.
    complaints: Vec<String>,
    page: String,
    folder: PathBuf,
    _turn: Turn,
}

impl Browser {
    /// A new browser. Without one on this machine the answer is `None`, and a line on standard error, and a test is to
    /// end; with `REQUIRE_BROWSER=1` that is an error.
    ///
    /// # Panics
    ///
    /// If a browser is required and there is none, or it does not answer.
    pub fn open(test: &str) -> Option<Browser> {
        Browser::start(test, Turn::Shared(TURNS.read().unwrap_or_else(PoisonError::into_inner)))
    }

    /// The same, while no other browser of this program runs.
    ///
    /// # Panics
    ///
    /// As [`open`](Browser::open).
    pub fn open_alone(test: &str) -> Option<Browser> {
        Browser::start(test, Turn::Alone(TURNS.write().unwrap_or_else(PoisonError::into_inner)))
    }

    fn start(test: &str, turn: Turn) -> Option<Browser> {
        let Some(program) = program() else {
            assert!(
                env::var_os("REQUIRE_BROWSER").is_none_or(|value| value != "1"),
                "no Chromium found: {NAMES:?}"
            );
            eprintln!("SKIPPED {test}: no Chromium found (REQUIRE_BROWSER=1 makes this an error)");
            return None;
        };
        let folder = env::temp_dir().join(format!("explorer-{}-{test}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for the browser's profile");
        // The protocol's pipe is descriptors 3 and 4; a shell can put standard input and output there.
        let mut process = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 >/dev/null 2>&1"#])
            .arg(program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-dev-shm-usage",
            ])
            .args(["--hide-scrollbars", "--force-color-profile=srgb", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", folder.join("profile").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell that starts the browser");
        let commands = process.stdin.take().expect("piped");
        let answers = listen(BufReader::new(process.stdout.take().expect("piped")));
        let mut browser = Browser {
            process,
            commands,
            answers,
            session: None,
            next: 0,
            complaints: Vec::new(),
            page: String::new(),
            folder,
            _turn: turn,
        };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        browser.session =
            browser.call("Target.attachToTarget", &attach)["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Network", "Log"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser.size(1400, 900);
        Some(browser)
    }

    /// Loads this page with a fragment like `step=8`, and waits until it has drawn itself.
    ///
    /// # Panics
    ///
    /// If it does not within a minute, or complains.
    pub fn load(&mut self, html: &str, fragment: &str) {
        let file = self.folder.join("page.html");
        fs::write(&file, html).expect("a file for the page");
        self.go("about:blank");
        self.page = format!("file://{}", file.display());
        self.go(&format!("{}#{fragment}", self.page));
        let drawn = "document.querySelector('#graph-scroll svg .box') !== null";
        let start = Instant::now();
        while self.eval(drawn) != json!(true) {
            assert!(self.complaints.is_empty(), "the page does not draw itself; {:?}", self.complaints);
            assert!(start.elapsed() < PATIENCE, "the page does not draw itself");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn go(&mut self, url: &str) {
        self.call("Page.navigate", &json!({"url": url}));
        self.wait_for(&format!("document.readyState === 'complete' && location.href === {}", json!(url)));
    }

    /// What a JavaScript expression is.
    ///
    /// # Panics
    ///
    /// If it throws.
    pub fn eval(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.call("Runtime.evaluate", &asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}\n{answer:#}");
        answer["result"]["value"].take()
    }

    /// The text of the first element that a selector finds.
    pub fn text(&mut self, selector: &str) -> String {
        let found = self.eval(&format!("document.querySelector({})?.textContent ?? ''", json!(selector)));
        found.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression is true.
    ///
    /// # Panics
    ///
    /// If it is not within a minute.
    pub fn wait_for(&mut self, expression: &str) {
        let start = Instant::now();
        while self.eval(expression) != json!(true) {
            assert!(start.elapsed() < PATIENCE, "waited in vain for {expression}; {:?}", self.complaints);
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Moves the mouse to the middle of the first element that a selector finds.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn point_at(&mut self, selector: &str) -> (f64, f64) {
        let place = self.eval(&format!(
            "(() => {{ const element = document.querySelector({}); if (!element) return null; \
             element.scrollIntoView({{block: 'nearest'}}); const box = element.getClientRects()[0]; \
             return [box.left + box.width / 2, box.top + box.height / 2]; }})()",
            json!(selector)
        ));
        let [x, y] = [0, 1].map(|k| place[k].as_f64().unwrap_or_else(|| panic!("no {selector} in the page")));
        self.mouse("mouseMoved", x, y);
        (x, y)
    }

    /// Clicks on the first element that a selector finds.
    pub fn click(&mut self, selector: &str) {
        let (x, y) = self.point_at(selector);
        self.mouse("mousePressed", x, y);
        self.mouse("mouseReleased", x, y);
    }

    fn mouse(&mut self, event: &str, x: f64, y: f64) {
        let button = if event == "mouseMoved" { "none" } else { "left" };
        let event = json!({"type": event, "x": x, "y": y, "button": button, "clickCount": 1});
        self.call("Input.dispatchMouseEvent", &event);
    }

    /// Presses a key: a character, or a name like `ArrowRight`.
    pub fn press(&mut self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            " " => 32,
            "End" => 35,
            "Home" => 36,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            _ => 0,
        };
        let text = match key {
            "Enter" => "\r",
            _ if key.chars().count() == 1 => key,
            _ => "",
        };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        let down = json!({"type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code});
        self.call("Input.dispatchKeyEvent", &down);
        self.call(
            "Input.dispatchKeyEvent",
            &json!({"type": "keyUp", "key": key, "windowsVirtualKeyCode": code}),
        );
    }

    /// Types a text, character by character.
    pub fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", &json!({"text": text}));
    }

    /// The size of the window, in CSS pixels.
    pub fn size(&mut self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// Whether the system is to prefer dark colours.
    pub fn dark(&mut self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.call("Emulation.setEmulatedMedia", &features);
    }

    /// Whether the page is laid out as for a printer.
    pub fn print_media(&mut self, print: bool) {
        let media = if print { "print" } else { "" };
        self.call("Emulation.setEmulatedMedia", &json!({ "media": media }));
    }

    /// The milliseconds that the page's thread has computed so far, which other programs of the machine do not add to.
    ///
    /// # Panics
    ///
    /// If the browser does not say.
    pub fn computed(&mut self) -> f64 {
        self.call("Performance.enable", &json!({"timeDomain": "threadTicks"}));
        let metrics = self.call("Performance.getMetrics", &json!({}));
        let metrics = metrics["metrics"].as_array().expect("a list");
        let tasks =
            metrics.iter().find(|metric| metric["name"] == "TaskDuration").expect("the time of tasks");
        1000.0 * tasks["value"].as_f64().expect("seconds")
    }

    /// A picture of the window, as a PNG in this file.
    ///
    /// # Panics
    ///
    /// If the file cannot be written.
    pub fn screenshot(&mut self, file: &Path) {
        self.eval("new Promise(done => requestAnimationFrame(() => setTimeout(() => done(true), 200)))");
        let answer = self.call("Page.captureScreenshot", &json!({"format": "png"}));
        let data = answer["data"].as_str().expect("a picture");
        fs::write(file, base64(data)).expect("a file for the picture");
    }

    /// Errors, warnings and requests so far; none is what a test wants.
    pub fn complaints(&mut self) -> &[String] {
        self.eval("1"); // whatever the browser has reported by now comes before the answer
        &self.complaints
    }

    /// Sends a command, and reads up to its answer.
    fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.next += 1;
        let mut command = json!({"id": self.next, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        let sent =
            self.commands.write_all(format!("{command}\0").as_bytes()).and_then(|()| self.commands.flush());
        sent.expect("the browser listens");
        loop {
            let mut message =
                self.answers.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{method}: {error}"));
            if message["id"] == json!(self.next) {
                assert!(message.get("error").is_none(), "{method}: {}", message["error"]);
                return message["result"].take();
            }
            self.note(&message);
        }
    }

    fn note(&mut self, event: &Value) {
        let parameters = &event["params"];
        let complaint = match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => Some(parameters["exceptionDetails"].to_string()),
            Some("Runtime.consoleAPICalled") => Some(parameters["args"].to_string()),
            Some("Log.entryAdded") => Some(parameters["entry"].to_string()),
            Some("Network.requestWillBeSent") => {
                let url = parameters["request"]["url"].as_str().unwrap_or_default();
                // What the page has in its own memory comes from no server.
                let own = url == "about:blank"
                    || url.starts_with("blob:")
                    || !self.page.is_empty() && url.starts_with(&self.page);
                (!own).then(|| format!("request of {url}"))
            }
            _ => None,
        };
        self.complaints.extend(complaint);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser's own command ends its helper processes, too.
        self.session = None;
        let command = json!({"id": 0, "method": "Browser.close", "params": {}});
        let _ = self.commands.write_all(format!("{command}\0").as_bytes());
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What the browser says, message by message, each ended by a zero byte; read aside, so that waiting can end.
fn listen(mut pipe: BufReader<ChildStdout>) -> Receiver<Value> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut message = Vec::new();
        while matches!(pipe.read_until(0, &mut message), Ok(read) if read > 0) {
            message.pop();
            let parsed = serde_json::from_slice(&message).expect("the protocol is JSON");
            message.clear();
            if sender.send(parsed).is_err() {
                break;
            }
        }
    });
    receiver
}

fn program() -> Option<PathBuf> {
    if let Some(given) = env::var_os("CHROMIUM") {
        return Some(given.into());
    }
    let path = env::var_os("PATH")?;
    env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name))).find(|file| file.is_file())
}

/// The bytes that base64 stands for.
fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = text.bytes().filter(|&byte| byte != b'=').map(digit).collect();
    let group = |group: &[u8]| {
        let all =
            group.iter().fold(0_u32, |all, &digit| (all << 6) | u32::from(digit)) << (6 * (4 - group.len()));
        all.to_be_bytes()[1..group.len()].to_vec()
    };
    digits.chunks(4).flat_map(group).collect()
}
