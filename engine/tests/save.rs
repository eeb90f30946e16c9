//! Runs in files: resumed bit for bit, and bad files refused with the reason.
#![cfg(all(feature = "serde", feature = "nn"))]

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
        assert!(error.contains("a number that is NaN or infinite"), "{error}");
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
    let newer = say(br#"{"format": "gradus training run", "version": 2, "state": []}"#);
    assert_eq!(newer, "FILE is of format version 2; this gradus reads version 1");
    let mismatch = say(br#"{"format": "gradus training run", "version": 1, "state": ["a"]}"#);
    assert!(mismatch.starts_with("FILE holds the state of another program: "), "{mismatch}");
    let missing = load::<Vec<f64>>("no/such/run.json").unwrap_err().to_string();
    assert!(missing.starts_with("no/such/run.json: "), "{missing}");
}
