//! The tapes, each as its documentation says to use it again and again: cleared, its memory kept.

use super::demo::{Data, Scalar, loss};
use gradus::{Graph, Value};
use std::hint::black_box;

/// The names, in the order of the table.
pub const NAMES: &[&str] = &[
    "gradus",
    "reverse",
    "aad",
    "echidna",
    #[cfg(feature = "xad-rs")]
    "xad-rs",
];

/// A tape at work: a call computes the loss and puts the gradient of the parameters in place.
pub type Contender<'d> = Box<dyn FnMut(&mut Vec<f64>) -> f64 + 'd>;

/// The tape of this name.
pub fn contender<'d>(name: &str, data: &'d Data) -> Option<Contender<'d>> {
    match name {
        "gradus" => Some(gradus(data)),
        "reverse" => Some(reverse(data)),
        "aad" => Some(aad(data)),
        "echidna" => Some(echidna(data)),
        #[cfg(feature = "xad-rs")]
        "xad-rs" => Some(xad_rs(data)),
        _ => None,
    }
}

impl Scalar for Value<'_> {
    #[inline]
    fn value(self) -> f64 {
        self.data()
    }
    #[inline]
    fn relu(self) -> Self {
        Value::relu(self)
    }
}

fn gradus(data: &Data) -> Contender<'_> {
    let graph = Graph::new();
    Box::new(move |gradient| {
        graph.clear();
        let parameters: Vec<Value> = black_box(&data.parameters).iter().map(|&p| graph.value(p)).collect();
        let inputs: Vec<_> = data.inputs.iter().map(|input| input.map(|x| graph.value(x))).collect();
        let loss = loss(&parameters, &inputs, &data.labels);
        loss.backward();
        gradient.clear();
        gradient.extend(parameters.iter().map(|p| p.grad()));
        loss.data()
    })
}

impl Scalar for reverse::Var<'_> {
    #[inline]
    fn value(self) -> f64 {
        self.val
    }
}

fn reverse(data: &Data) -> Contender<'_> {
    let tape = reverse::Tape::new();
    Box::new(move |gradient| {
        tape.clear();
        let parameters = tape.add_vars(black_box(&data.parameters));
        let inputs: Vec<_> = data.inputs.iter().map(|input| input.map(|x| tape.add_var(x))).collect();
        let loss = loss(&parameters, &inputs, &data.labels);
        // The parameters are the oldest entries of the tape.
        *gradient = loss.grad();
        gradient.truncate(parameters.len());
        loss.val
    })
}

impl Scalar for aad::Variable<'_, f64> {
    #[inline]
    fn value(self) -> f64 {
        aad::Variable::value(&self)
    }
}

/// It has no way to clear a tape: a new one each time, with as much room as it will need.
fn aad(data: &Data) -> Contender<'_> {
    let inputs = 2 * data.inputs.len();
    let room = data.parameters.len() + inputs + super::demo::operations(data.inputs.len());
    Box::new(move |gradient| {
        let tape = aad::Tape::with_capacity(room);
        let parameters: Vec<_> = tape.create_variables_iter(black_box(&data.parameters)).collect();
        let inputs: Vec<_> = data.inputs.iter().map(|input| tape.create_variables(input)).collect();
        let loss = loss(&parameters, &inputs, &data.labels);
        let gradients = loss.compute_gradients().expect("the loss is on the tape");
        gradient.clear();
        let of = |p| gradients.get_gradient(p).expect("a parameter is on the tape");
        gradient.extend(parameters.iter().map(of));
        aad::Variable::value(&loss)
    })
}

impl Scalar for echidna::Reverse<f64> {
    #[inline]
    fn value(self) -> f64 {
        echidna::Scalar::value(&self)
    }
}

fn echidna(data: &Data) -> Contender<'_> {
    let mut tape = echidna::tape::Tape::new();
    Box::new(move |gradient| {
        tape.clear();
        let mut new = |x| {
            let (index, x) = tape.new_variable(x);
            echidna::Reverse::from_tape(x, index)
        };
        let parameters: Vec<_> = black_box(&data.parameters).iter().map(|&p| new(p)).collect();
        let inputs: Vec<_> = data.inputs.iter().map(|input| input.map(&mut new)).collect();
        let loss = {
            let _recording = echidna::tape::TapeGuard::new(&mut tape);
            loss(&parameters, &inputs, &data.labels)
        };
        *gradient = tape.reverse(loss.index());
        gradient.truncate(parameters.len());
        loss.value()
    })
}

#[cfg(feature = "xad-rs")]
impl Scalar for xad_rs::AReal<f64> {
    #[inline]
    fn value(self) -> f64 {
        xad_rs::AReal::value(&self)
    }
}

#[cfg(feature = "xad-rs")]
fn xad_rs(data: &Data) -> Contender<'_> {
    use xad_rs::AReal;
    let mut tape = xad_rs::Tape::<f64>::new(true);
    Box::new(move |gradient| {
        let _recording = tape.record();
        let parameters: Vec<_> =
            black_box(&data.parameters).iter().map(|&p| AReal::input(p, &mut tape)).collect();
        let inputs: Vec<_> =
            data.inputs.iter().map(|input| input.map(|x| AReal::input(x, &mut tape))).collect();
        let loss = loss(&parameters, &inputs, &data.labels);
        loss.set_adjoint(&mut tape, 1.0);
        tape.compute_adjoints();
        gradient.clear();
        gradient.extend(parameters.iter().map(|p| p.adjoint(&tape)));
        AReal::value(&loss)
    })
}
