//! Data sets: what the seed fixes, where the points lie, and what the loaders say of bad files.
#![cfg(feature = "nn")]

use gradus::datasets::{self, Dataset};
use std::path::{Path, PathBuf};

/// Both classes as often, up to one, and other points for another seed.
#[test]
fn points_in_the_plane_are_balanced_and_seeded() {
    let makers: [fn(usize, f64, u64) -> Dataset<2>; 4] =
        [datasets::xor, datasets::moons, datasets::circles, datasets::spirals];
    for make in makers {
        for samples in [0, 1, 2, 3, 101] {
            let data = make(samples, 0.1, 5);
            assert_eq!((data.len(), data.labels.len()), (samples, samples));
            assert_eq!(data, make(samples, 0.1, 5));
            assert!(data.inputs.iter().flatten().all(|x| x.is_finite()));
            let ones = data.labels.iter().filter(|&&label| label == 1).count();
            assert!(ones.abs_diff(samples - ones) <= 2);
        }
        assert_ne!(make(10, 0.1, 5), make(10, 0.1, 6));
        assert_eq!(make(10, 0.0, 5), make(10, 0.0, 6));
    }
}

#[test]
fn noise_is_normal_of_the_given_deviation() {
    let (exact, blurred) = (datasets::moons(4000, 0.0, 9), datasets::moons(4000, 0.2, 9));
    let offsets: Vec<f64> = exact
        .inputs
        .as_flattened()
        .iter()
        .zip(blurred.inputs.as_flattened())
        .map(|(a, b)| (b - a) / 0.2)
        .collect();
    let moment = |power| offsets.iter().map(|x| x.powi(power)).sum::<f64>() / 8000.0;
    // The moments of the normal distribution are 0, 1, 0, 3; five standard errors of 8000 draws.
    for (power, expected, deviation) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
        let error = 5.0 * (f64::sqrt(deviation) / 8000.0_f64.sqrt());
        assert!((moment(power) - expected).abs() < error, "moment {power} is {}", moment(power));
    }
}

#[test]
fn splits_and_batches_hold_every_sample_once() {
    let data = datasets::spirals(50, 0.1, 1);
    let sorted = |mut inputs: Vec<[f64; 2]>| {
        inputs.sort_by(|a, b| a[0].total_cmp(&b[0]));
        inputs
    };
    let (rest, held_out) = data.split(13, 2);
    assert_eq!((rest.len(), held_out.len()), (37, 13));
    assert_eq!(sorted([rest.inputs, held_out.inputs].concat()), sorted(data.inputs.clone()));
    let batches: Vec<_> = data.batches(16, 3).collect();
    assert_eq!(batches.iter().map(Dataset::len).collect::<Vec<_>>(), [16, 16, 16, 2]);
    let together: Vec<[f64; 2]> = batches.iter().flat_map(|batch| batch.inputs.clone()).collect();
    assert_ne!(together, data.inputs);
    assert_eq!(sorted(together), sorted(data.inputs.clone()));
    // A label stays with its sample.
    for (input, label) in batches.iter().flat_map(|batch| batch.inputs.iter().zip(&batch.labels)) {
        let place = data.inputs.iter().position(|other| other == input).unwrap();
        assert_eq!(data.labels[place], *label);
    }
}

#[test]
fn signs_follow_the_classes() {
    let xor = datasets::xor(4, 0.0, 0);
    assert_eq!(xor.signs(), [-1.0, 1.0, 1.0, -1.0]);
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data").join(name)
}

#[test]
fn the_digits_are_as_published() {
    let digits = datasets::digits(example("digits.csv")).unwrap();
    assert_eq!(digits.len(), 1797);
    // The class distribution that comes with the data.
    let counts = (0..10).map(|digit| digits.labels.iter().filter(|&&label| label == digit).count());
    assert_eq!(counts.collect::<Vec<_>>(), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    assert_eq!(digits.inputs[0][2..6], [5.0, 13.0, 9.0, 1.0].map(|pixel| pixel / 16.0));
}

#[test]
fn the_irises_are_as_published() {
    let iris = datasets::iris(example("iris.csv")).unwrap();
    assert_eq!(iris.names, ["setosa", "versicolor", "virginica"]);
    // Fisher's means of the four measurements for each species.
    let means = [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]];
    for (species, means) in means.iter().enumerate() {
        for (measurement, mean) in means.iter().enumerate() {
            let of_species = iris.inputs.iter().zip(&iris.labels).filter(|(_, label)| **label == species);
            let sum: f64 = of_species.map(|(flower, _)| flower[measurement]).sum();
            assert!((sum / 50.0 - mean).abs() < 1e-9, "{species} {measurement}");
        }
    }
}

/// What the loader says of a file with this text.
fn complaint(name: &str, text: &str, load: fn(&Path) -> String) -> String {
    let path = std::env::temp_dir().join(format!("gradus-{}-{name}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    let message = load(&path);
    std::fs::remove_file(&path).unwrap();
    message.replace(&path.display().to_string(), "FILE")
}

#[test]
fn bad_files_are_refused_with_the_line() {
    let digits = |path: &Path| datasets::digits(path).unwrap_err().to_string();
    let image = |pixel: &str, label: &str| format!("{}{pixel},{label}\n", "0,".repeat(63));
    let say = |text: &str| complaint("digits", text, digits);
    let good = image("16", "9");
    assert_eq!(say(&format!("{good}1,2,3\n")), "FILE:2: expected 64 numbers and a class, found 3 columns");
    assert_eq!(say(&image("17", "0")), "FILE:1: 17 is not from 0 to 16");
    assert_eq!(say(&image("NaN", "0")), "FILE:1: NaN is not from 0 to 16");
    assert_eq!(say(&image("x", "0")), "FILE:1: `x` is not a number of the expected kind");
    assert_eq!(say(&format!("{good}\n{}", image("1", "10"))), "FILE:3: class 10, but there are 10");
    assert_eq!(say(&image("1", "-1")), "FILE:1: `-1` is not a number of the expected kind");
    assert_eq!(say(""), "FILE:1: no samples");

    let iris = |path: &Path| datasets::iris(path).unwrap_err().to_string();
    let say = |text: &str| complaint("iris", text, iris);
    let header = "expected a number of flowers, 4 for their measurements, and the species";
    assert_eq!(say(""), format!("FILE:1: {header}"));
    assert_eq!(say("5.1,3.5,1.4,0.2,0\n"), format!("FILE:1: {header}"));
    assert_eq!(say("2,4,a,b\n1,2,3,4,0\n"), "FILE:1: 2 flowers are announced, but 1 follow");

    let missing = datasets::digits("no/such/file.csv").unwrap_err().to_string();
    assert!(missing.starts_with("cannot read no/such/file.csv: "), "{missing}");
}
