use gradus::differentiable;

struct Spring {
    stiffness: f64,
}

impl Spring {
    #[differentiable]
    fn energy(&self, extension: f64) -> f64 {
        0.5 * self.stiffness * extension * extension
    }
}

impl Spring {
    const STIFFNESS: f64 = 2.0;

    #[differentiable]
    fn double(extension: f64) -> f64 {
        2.0 * extension
    }

    #[differentiable]
    fn usual(extension: f64) -> f64 {
        0.5 * Self::STIFFNESS * extension * extension
    }
}

trait Loss {
    #[differentiable]
    fn loss(x: f64) -> f64 {
        x * x
    }

    /// A function of a function's own is a free one.
    fn slope(x: f64) -> f64 {
        #[differentiable]
        fn cube(x: f64) -> f64 {
            x * x * x
        }
        cube_grad(x).1
    }
}

impl Loss for Spring {}

fn main() {
    println!("{} {}", Spring { stiffness: 1.0 }.energy(1.0), Spring::double(1.0));
    println!("{} {} {}", Spring::usual(1.0), Spring::loss(1.0), Spring::slope(1.0));
}
