use gradus::{Differentiable, differentiable};

#[derive(Clone, Differentiable)]
struct Account {
    balance: f64,
}

#[differentiable]
impl Account {
    fn pay(&mut self, rate: f64) -> f64 {
        let interest = rate * self.balance;
        self.balance += interest;
        interest
    }
}

fn main() {
    println!("{}", Account { balance: 2.0 }.pay(0.5));
}
