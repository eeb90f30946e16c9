//! Damaged files: every change is noticed, and no file that loads makes a later step panic.
#![cfg(all(feature = "save", feature = "nn"))]

use gradus::nn::Mlp;
use gradus::optim::{Adam, AdamW, Optimizer, Schedule, Sgd};
use gradus::save::{load, save};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

/// A file that is gone when the test is.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        Scratch(std::env::temp_dir().join(format!("gradus-mutations-{}-{name}.json", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Overwrites the file in place, which is quicker than to empty it first: some file systems flush a file that was emptied.
fn overwrite(file: &Scratch, bytes: &[u8]) {
    let mut open = fs::OpenOptions::new().write(true).open(&file.0).unwrap();
    open.write_all(bytes).unwrap();
    open.set_len(bytes.len() as u64).unwrap();
}

type Run = (Mlp, AdamW, Sgd, Schedule, usize);

fn run() -> Run {
    let network = Mlp::new(1, &[2, 1], 7);
    let mut parameters = network.parameters();
    let (mut adam, mut sgd) = (AdamW::new(0.02), Sgd::new(0.1).momentum(0.9));
    for _ in 0..3 {
        let gradient = parameters.clone();
        adam.step(&mut parameters, &gradient);
        sgd.step(&mut parameters, &gradient);
    }
    (network, adam, sgd, Schedule::Cosine { from: 0.1, to: 0.001, steps: 100 }, 42)
}

/// One change of the bytes: a bit, a byte, some bytes out, in, doubled or swapped, or an end.
fn mutate(bytes: &mut Vec<u8>, rng: &mut Xoshiro256PlusPlus) {
    let at = rng.random_range(0..bytes.len());
    let end = bytes.len().min(at + rng.random_range(1..20));
    match rng.random_range(0..8) {
        0 | 1 => bytes[at] ^= 1 << rng.random_range(0..8),
        2 => bytes[at] = rng.random_range(0..=255),
        3 => bytes[at] = b"0123456789.-+eE,:[]{}\" \n"[rng.random_range(0..24)],
        4 => drop(bytes.drain(at..end)),
        5 => bytes.insert(at, rng.random_range(0..=255)),
        6 => {
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
        }
        _ => bytes.truncate(at),
    }
}

#[test]
fn of_ten_thousand_mutated_files_each_is_the_same_or_an_error() {
    let file = Scratch::new("bytes");
    let run = run();
    save(&file.0, &run).unwrap();
    let original = fs::read(&file.0).unwrap();
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(4);
    let (mut errors, mut same) = (0, 0);
    for _ in 0..10_000 {
        let mut bytes = original.clone();
        for _ in 0..rng.random_range(1..=3) {
            if !bytes.is_empty() {
                mutate(&mut bytes, rng);
            }
        }
        overwrite(&file, &bytes);
        match load::<Run>(&file.0) {
            Ok(loaded) => {
                assert_eq!(loaded, run, "{}", String::from_utf8_lossy(&bytes));
                same += 1;
            }
            Err(error) => {
                assert!(error.to_string().starts_with(&file.0.display().to_string()), "{error}");
                errors += 1;
            }
        }
    }
    println!("10000 mutated files: {errors} errors, {same} with the same data, none with other data");
    assert!(errors > 9_000);
}

#[test]
fn every_flip_of_one_bit_is_noticed() {
    let file = Scratch::new("bits");
    let run = (Mlp::new(1, &[2, 1], 1), 3_usize);
    save(&file.0, &run).unwrap();
    let original = fs::read(&file.0).unwrap();
    for bit in 0..8 * original.len() {
        let mut bytes = original.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        overwrite(&file, &bytes);
        let loaded = load::<(Mlp, usize)>(&file.0);
        assert!(loaded.is_err(), "bit {bit}: {}", String::from_utf8_lossy(&bytes));
    }
}

/// All lists of a state, each by its path.
fn lists(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            found.push(path.to_owned());
            items.iter().enumerate().for_each(|(index, item)| lists(item, &format!("{path}/{index}"), found));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| lists(field, &format!("{path}/{name}"), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// States of other programs, with the right checksum: what loads can be worked with.
#[test]
fn lists_of_other_lengths_are_refused_or_fit() {
    let file = Scratch::new("lengths");
    let network = Mlp::new(2, &[3, 2, 1], 7);
    let (mut parameters, mut adam) = (network.parameters(), Adam::new(0.01));
    let gradient = parameters.clone();
    adam.step(&mut parameters, &gradient);
    let state = serde_json::to_value((&network, &adam)).unwrap();
    let mut paths = Vec::new();
    lists(&state, "", &mut paths);
    let (mut refused, mut loaded) = (0, 0);
    for path in &paths {
        for change in 0..3 {
            let mut changed = state.clone();
            let Some(Value::Array(items)) = changed.pointer_mut(path) else { unreachable!("it is a list") };
            match (change, items.first().cloned()) {
                (0, _) => drop(items.pop()),
                (1, Some(first)) => items.push(first),
                _ => items.clear(),
            }
            save(&file.0, &changed).unwrap();
            match load::<(Mlp, Adam)>(&file.0) {
                Err(error) => {
                    let error = error.to_string();
                    assert!(error.starts_with(&file.0.display().to_string()), "{error}");
                    assert!(error.contains("holds the state of another program: "), "{error}");
                    refused += 1;
                }
                Ok((network, mut adam)) => {
                    let inputs = network.layers[0].neurons.first().map_or(0, |neuron| neuron.weights.len());
                    network.forward(&vec![1.0; inputs]);
                    let mut parameters = network.parameters();
                    // An optimizer of another network says so, as documented. Of its own it takes the step.
                    let known = serde_json::to_value(&adam).unwrap()["moments"].as_array().unwrap().len();
                    parameters.resize(if known == 0 { parameters.len() } else { known }, 0.5);
                    let gradient = parameters.clone();
                    adam.step(&mut parameters, &gradient);
                    loaded += 1;
                }
            }
        }
    }
    println!("{} changed lists: {refused} refused, {loaded} loaded and worked with", 3 * paths.len());
    assert!(refused > 80 && loaded > 0, "{refused} refused, {loaded} loaded");
}
