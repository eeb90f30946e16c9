//! Runs in files: resumed bit for bit, and bad files refused with the reason.
#![cfg(all(feature = "save", feature = "nn"))]

use gradus::datasets::{self, Dataset};
use gradus::nn::{Activation, Mlp, Scalar, max_margin};
use gradus::optim::{Adam, AdamW, Optimizer, RmsProp, Schedule, Sgd};
use gradus::save::{load, save};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A file that is gone when the test is.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        Scratch(std::env::temp_dir().join(format!("gradus-{}-{name}.json", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// All that makes up a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Run<O> {
    network: Mlp,
    optimizer: O,
    schedule: Schedule,
    epoch: usize,
}

fn loss<T: Scalar>(network: &Mlp<T>, data: &Dataset<2>) -> T {
    let scores: Vec<T> = data.inputs.iter().map(|x| network.forward(x)[0]).collect();
    max_margin(&scores, &data.signs())
}

impl<O: Optimizer> Run<O> {
    fn new(optimizer: O) -> Run<O> {
        let network = Mlp::new(2, &[6, 1], 11).hidden(Activation::Tanh);
        let schedule = Schedule::Warmup {
            steps: 2,
            then: Box::new(Schedule::Cosine { from: 0.05, to: 0.001, steps: 10 }),
        };
        Run { network, optimizer, schedule, epoch: 0 }
    }

    fn train(&mut self, epochs: usize) {
        let data = datasets::spirals(30, 0.05, 4);
        for _ in 0..epochs {
            self.optimizer.set_rate(self.schedule.rate(self.epoch));
            for batch in data.batches(8, self.epoch as u64) {
                let (_, gradient) = self.network.value_and_grad(|network| loss(network, &batch));
                let mut parameters = self.network.parameters();
                self.optimizer.step(&mut parameters, &gradient);
                self.network.set_parameters(&parameters);
            }
            self.epoch += 1;
        }
    }
}

/// Six epochs at once, and three, a file, and three more.
fn resumes<O>(name: &str, optimizer: O)
where
    O: Optimizer + Clone + Serialize + DeserializeOwned,
{
    let mut whole = Run::new(optimizer.clone());
    whole.train(6);
    let file = Scratch::new(name);
    let mut first = Run::new(optimizer);
    first.train(3);
    save(&file.0, &first).unwrap();
    let mut second: Run<O> = load(&file.0).unwrap();
    second.train(3);
    let bits = |network: &Mlp| network.parameters().iter().map(|p| p.to_bits()).collect::<Vec<_>>();
    assert_ne!(bits(&first.network), bits(&whole.network), "{name} has stopped learning");
    assert_eq!(bits(&second.network), bits(&whole.network), "{name}");
}

#[test]
fn a_resumed_run_goes_on_bit_for_bit() {
    resumes("sgd", Sgd::new(0.1).momentum(0.9).nesterov().weight_decay(1e-3));
    resumes("rms-prop", RmsProp::new(0.1));
    resumes("adam", Adam::new(0.1));
    resumes("adamw", AdamW::new(0.1));
}

#[test]
fn every_finite_number_survives() {
    let file = Scratch::new("numbers");
    let mut numbers = vec![0.0, -0.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, f64::MIN, f64::EPSILON, 0.1, 1e22];
    // Bits without a pattern, by a linear congruential generator.
    let next = |bits: &u64| Some(bits.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407));
    let random = std::iter::successors(Some(1), next).map(f64::from_bits).filter(|x| x.is_finite());
    numbers.extend(random.take(10_000));
    save(&file.0, &numbers).unwrap();
    let read: Vec<f64> = load(&file.0).unwrap();
    assert!(read.iter().zip(&numbers).all(|(a, b)| a.to_bits() == b.to_bits()));
    assert_eq!(read.len(), numbers.len());
}

#[test]
fn a_run_that_diverged_is_not_saved() {
    let file = Scratch::new("diverged");
    save(&file.0, &vec![1.0, 2.0]).unwrap();
    for bad in [f64::NAN, f64::INFINITY] {
        let error = save(&file.0, &vec![1.0, bad]).unwrap_err().to_string();
        assert!(error.contains(&format!("`[1]` is {bad}, and JSON has no such number")), "{error}");
    }
    // What the file held is still there.
    assert_eq!(load::<Vec<f64>>(&file.0).unwrap(), [1.0, 2.0]);
}

#[test]
fn a_file_cut_off_anywhere_is_told_from_a_foreign_one() {
    let file = Scratch::new("cut");
    save(&file.0, &(Mlp::new(2, &[2, 1], 0), 7_usize)).unwrap();
    let whole = std::fs::read(&file.0).unwrap();
    for length in 0..whole.len() {
        std::fs::write(&file.0, &whole[..length]).unwrap();
        let error = load::<(Mlp, usize)>(&file.0).unwrap_err().to_string();
        assert!(error.ends_with("is cut off: the end of the training run is missing"), "{length}: {error}");
    }
}

#[test]
fn foreign_files_are_refused_with_the_reason() {
    let file = Scratch::new("foreign");
    let say = |text: &[u8]| {
        std::fs::write(&file.0, text).unwrap();
        load::<Vec<f64>>(&file.0).unwrap_err().to_string().replace(&file.0.display().to_string(), "FILE")
    };
    let foreign = "FILE is not a training run saved by gradus: ";
    assert!(say(b"5.1,3.5,1.4,0.2,0\n").starts_with(foreign));
    assert!(say(b"\x89PNG\r\n\x1a\n").starts_with(foreign));
    assert!(say(br#"{"name": "another program's"}"#).starts_with(foreign));
    let other = say(br#"{"format": "other", "version": 1, "state": []}"#);
    assert_eq!(other, format!("{foreign}its format is `other`"));
    let newer = say(br#"{"format": "gradus training run", "version": 3, "state": []}"#);
    assert_eq!(newer, "FILE is of format version 3; this gradus reads version 2");
    let bare = say(br#"{"format": "gradus training run", "version": 2, "state": []}"#);
    assert_eq!(bare, "FILE has changed since it was saved: the checksum is not that of the state");
    save(&file.0, &["a"]).unwrap();
    let mismatch = say(&std::fs::read(&file.0).unwrap());
    assert_eq!(mismatch, "FILE holds the state of another program: invalid type: string \"a\", expected f64");
    let missing = load::<Vec<f64>>("no/such/run.json").unwrap_err().to_string();
    assert!(missing.starts_with("no/such/run.json: "), "{missing}");
}

/// What is saved, and then loaded as the same type.
#[track_caller]
fn survives<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(file: &Scratch, state: &T) {
    save(&file.0, state).unwrap_or_else(|error| panic!("{state:?}: {error}"));
    assert_eq!(load::<T>(&file.0).unwrap(), *state);
}

/// The reason why a state is not saved.
#[track_caller]
fn refused(file: &Scratch, state: &impl Serialize) -> String {
    let error = save(&file.0, state).expect_err("it cannot be read back").to_string();
    let (_, reason) = error.split_once("the state cannot be saved: ").expect("it is the state's fault");
    assert!(!file.0.exists(), "a refused state leaves a file");
    reason.to_owned()
}

/// Enums inside each other, so many levels.
fn warmups(levels: usize) -> Schedule {
    (0..levels).fold(Schedule::Constant(1.0), |then, _| Schedule::Warmup { steps: 1, then: Box::new(then) })
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Unit;
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Wrapped(());
#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Mixed {
    Nothing,
    One(u128),
    Two(f64, Option<i128>),
    Named { on: bool, key: char },
}

#[test]
fn what_is_saved_is_loaded() {
    let file = Scratch::new("loads");
    survives(&file, &(u128::MAX, i128::MIN, u64::MAX, i64::MIN, (1_u128 << 64) + 1));
    survives(&file, &vec![Some(u128::MAX), None]);
    survives(&file, &((), Unit, Wrapped(()), [(); 3], Some(Some(1.0)), None::<f64>));
    survives(&file, &vec![Mixed::Nothing, Mixed::One(u128::MAX), Mixed::Two(-0.0, Some(i128::MIN))]);
    survives(&file, &Mixed::Named { on: true, key: '\u{1b}' });
    survives(
        &file,
        &std::collections::BTreeMap::from(
            [(u128::MAX, "größe\n\u{0}"), (0, "")].map(|(k, v)| (k, v.to_owned())),
        ),
    );
    survives(
        &file,
        &std::collections::BTreeMap::from([(true, Some(())), (false, None)].map(|(k, v)| (k, v.is_some()))),
    );
    survives(&file, &(f32::MAX, f32::MIN_POSITIVE, f32::EPSILON, 0.1_f32, 16_777_217.0_f32));
    // Two brackets a level, and one for the constant.
    survives(&file, &warmups(63));
    survives(&file, &((warmups(62),),));
    survives(&file, &Mlp::new(3, &[1, 2, 1], 0));
    // A network without inputs, and a layer that makes no outputs, fit together.
    let mut hollow = Mlp::new(1, &[1, 1], 0);
    hollow.layers[0].neurons.clear();
    hollow.layers[1].neurons[0].weights.clear();
    survives(&file, &hollow);
}

#[test]
fn what_could_not_be_loaded_is_not_saved() {
    let file = Scratch::new("refused");
    assert_eq!(refused(&file, &f64::NAN), "it is NaN, and JSON has no such number");
    assert_eq!(
        refused(&file, &(1, Some([f32::NEG_INFINITY]))),
        "`[1][0]` is -inf, and JSON has no such number"
    );
    let run = Run { epoch: 7, ..Run::new(Sgd::new(f64::NAN)) };
    assert_eq!(refused(&file, &run), "`optimizer.rate` is NaN, and JSON has no such number");
    let nested = "which JSON writes as it writes `None`";
    assert_eq!(refused(&file, &vec![Some(None::<f64>)]), format!("`[0]` is `Some(None)`, {nested}"));
    assert_eq!(refused(&file, &Some(())), format!("it is `Some(())`, {nested}"));
    assert_eq!(refused(&file, &Some(Unit)), format!("it is `Some(Unit)`, {nested}"));
    assert_eq!(refused(&file, &Some(Wrapped(()))), format!("it is `Some(())`, {nested}"));
    for levels in [64, 65, 1000, 20_000] {
        let reason = refused(&file, &warmups(levels));
        assert!(
            reason.ends_with("inside more than 127 lists and structs, and no deeper state can be read back")
        );
        assert!(reason.len() < 300, "{reason}");
    }
    let keys = refused(&file, &std::collections::BTreeMap::from([((1, 2), 3)]));
    assert_eq!(keys, "key must be a string");
    let mut uneven = Mlp::new(2, &[2, 1], 0);
    uneven.layers[0].neurons[1].weights.pop();
    assert_eq!(refused(&file, &uneven), "a layer has neurons with 2 and with 1 weights");
    uneven.layers[0].neurons.pop();
    assert_eq!(refused(&file, &uneven), "layer 1 has 1 outputs, and a neuron of layer 2 has 2 weights");
    uneven.layers.clear();
    assert_eq!(refused(&file, &uneven), "a network has no layers");
}

#[test]
fn messages_show_no_control_characters_and_are_short() {
    let file = Scratch::new("hostile");
    let say = |text: &str| {
        std::fs::write(&file.0, text).unwrap();
        let error = load::<Mixed>(&file.0).unwrap_err().to_string();
        assert!(!error.chars().any(char::is_control) && !error.contains('\u{202e}'), "{error:?}");
        assert!(error.chars().count() < 700, "{} characters", error.len());
        error
    };
    say("{\"format\":\"\\u001b]0;owned\\u0007\\u001b[31m\u{202e}\",\"version\":1,\"state\":1}");
    say(&format!("{{\"format\":\"{}\",\"version\":1,\"state\":1}}", "x".repeat(1 << 20)));
    save(&file.0, &"\u{1b}[31m\u{202e}variant".repeat(1 << 16)).unwrap();
    let told = say(&std::fs::read_to_string(&file.0).unwrap());
    assert!(told.contains("unknown variant"), "{told}");
    let path = std::env::temp_dir().join("no\u{1b}[31msuch\nfile");
    let error = load::<f64>(&path).unwrap_err().to_string();
    assert!(error.contains("no\\u{1b}[31msuch\\nfile"), "{error}");
}
