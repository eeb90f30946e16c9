//! Networks in files: only networks whose layers fit together are written and read.

use super::{Layer, Neuron};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// What is wrong with the neurons of a layer.
fn neurons<T>(neurons: &[Neuron<T>]) -> Result<(), String> {
    let Some((first, rest)) = neurons.split_first() else { return Ok(()) };
    let first = first.weights.len();
    match rest.iter().map(|neuron| neuron.weights.len()).find(|&weights| weights != first) {
        Some(other) => Err(format!("a layer has neurons with {first} and with {other} weights")),
        None => Ok(()),
    }
}

/// What is wrong with the layers of a network.
fn layers<T>(layers: &[Layer<T>]) -> Result<(), String> {
    if layers.is_empty() {
        return Err("a network has no layers".into());
    }
    for (index, pair) in layers.windows(2).enumerate() {
        let outputs = pair[0].neurons.len();
        for weights in pair[1].neurons.iter().map(|neuron| neuron.weights.len()) {
            if weights != outputs {
                let (one, next) = (index + 1, index + 2);
                return Err(format!(
                    "layer {one} has {outputs} outputs, and a neuron of layer {next} has {weights} weights"
                ));
            }
        }
    }
    layers.iter().try_for_each(|layer| neurons(&layer.neurons))
}

/// For serde's `with`: a field that is checked when it is written and when it is read.
macro_rules! checked {
    ($module:ident, $Part:ident, $check:ident) => {
        pub(super) mod $module {
            use super::*;

            pub fn serialize<S: Serializer, T: Serialize>(
                parts: &[$Part<T>],
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $check(parts).map_err(ser::Error::custom)?;
                parts.serialize(serializer)
            }

            pub fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
                deserializer: D,
            ) -> Result<Vec<$Part<T>>, D::Error> {
                let parts = Vec::deserialize(deserializer)?;
                $check(&parts).map_err(de::Error::custom)?;
                Ok(parts)
            }
        }
    };
}

checked!(of_layer, Neuron, neurons);
checked!(of_network, Layer, layers);
