//! Short functions: a form each in which results are made, passed on, converted and looked at.

use super::harness::close;
use gradus::{Differentiable, differentiable};

#[derive(Debug)]
struct NoMass;

#[derive(Clone, Debug, Differentiable)]
struct Body {
    x: f64,
}

type Weighed<T> = Result<T, NoMass>;
#[differentiable]
impl Body {
    fn doubled(&self) -> Weighed<f64> {
        self.mass().map(|x| x * 2.0)
    }

    fn mass(&self) -> Weighed<f64> {
        Ok(self.x)
    }

    fn grown(&self) -> Result<Body, NoMass> {
        Ok(Body { x: self.x * 2.0 })
    }

    fn twice(&self) -> Option<Self> {
        Some(Body { x: self.x * 2.0 })
    }

    fn chosen(&self) -> Weighed<f64> {
        let x = self.mass()?;
        if x > 0.0 { self.mass() } else { self.doubled() }
    }
}

#[differentiable]
impl std::ops::Div for Body {
    type Output = Option<Body>;
    fn div(self, o: Body) -> Option<Body> {
        if o.x == 0.0 {
            return None;
        }
        Some(Body { x: self.x / o.x })
    }
}

#[differentiable]
fn ratio_or_zero(a: Body, b: Body) -> f64 {
    if let Some(c) = a / b { c.x } else { 0.0 }
}

#[differentiable]
fn ratio(a: Body, b: Body) -> Option<f64> {
    let c = (a / b)?;
    Some(c.x)
}

#[differentiable]
fn through_alias(a: Body) -> f64 {
    let r: Weighed<f64> = a.doubled();
    match r {
        Ok(x) => x,
        Err(NoMass) => 0.0,
    }
}

#[differentiable]
fn taken_apart(a: Body) -> f64 {
    let r = a.grown();
    match r {
        Ok(Body { x }) => x,
        Err(NoMass) => 0.0,
    }
}

#[differentiable]
fn all_grown(a: &[Body]) -> Result<Vec<Body>, NoMass> {
    a.iter().map(|b| b.grown()).collect()
}

#[differentiable]
fn times_text(a: f64, s: &str) -> Result<f64, std::num::ParseFloatError> {
    s.parse::<f64>().map(|k| k * a)
}

#[differentiable]
fn times_texts(a: f64, s: &str) -> Result<f64, std::num::ParseFloatError> {
    let k: f64 = s.parse()?;
    let n = s.parse::<f64>()?;
    Ok(a * k * n)
}

#[differentiable]
fn both(a: f64) -> Option<f64> {
    let n = (a > 0.0).then_some(a)?;
    let m = if a > 1.0 { Some(a) } else { None }?;
    Some(n * m)
}

#[differentiable]
fn looked_up(a: f64, #[constant] data: &std::collections::HashMap<String, f64>) -> Option<f64> {
    let k = data.get("k")?;
    Some(a * k)
}

#[differentiable]
fn difference(a: f64, i: usize, n: usize) -> Option<f64> {
    let k = i.checked_sub(n)?;
    Some(a * k as f64)
}

#[differentiable]
fn converted(a: f64, i: usize, n: usize) -> Result<f64, String> {
    let k: u32 = u32::try_from(i).map_err(|e| e.to_string())?;
    let d = std::str::from_utf8(&[65]).map_err(|e| format!("{e} {a}"))?;
    Ok(a * k as f64 * d.len() as f64 * n as f64)
}

#[differentiable]
fn by_mark(a: f64) -> Result<f64, String> {
    if a < 0.0 {
        Err(format!("negative: {a}"))?
    }
    Ok(a.sqrt())
}

#[differentiable]
fn guarded(a: f64) -> Result<f64, String> {
    match a {
        x if x < 0.0 => Err("neg".to_string()),
        x if x > 5.0 => {
            let y = x * 2.0;
            Ok(y)
        }
        x => Ok(x),
    }
}

#[differentiable]
fn passed_on(a: f64) -> Result<f64, String> {
    let x = match guarded(a) {
        Ok(v) => v,
        Err(e) if e.is_empty() => 1.0,
        Err(e) => return Err(e + "!"),
    };
    Ok(x * x)
}

#[differentiable]
fn to_option(a: f64) -> Option<f64> {
    guarded(a).ok()
}

#[differentiable]
fn from_iterator(a: f64) -> Option<f64> {
    let mut it = [a, 2.0 * a].into_iter();
    let x = it.next()?;
    let y = it.next()?;
    Some(x * y)
}

#[differentiable]
fn largest(a: &[f64]) -> Option<f64> {
    let mut best = None;
    for &x in a {
        best = Some(match best {
            None => x,
            Some(b) => f64::max(b, x),
        });
    }
    best
}

#[differentiable]
fn largest_at(a: &[f64]) -> Option<(usize, f64)> {
    a.iter().copied().enumerate().max_by(|x, y| x.1.total_cmp(&y.1))
}

#[differentiable]
fn weighed(a: &[f64]) -> Option<f64> {
    let (i, x) = largest_at(a)?;
    Some(x * i as f64)
}

fn body(x: f64) -> Body {
    Body { x }
}

#[test]
fn methods_and_operators() {
    let gradients =
        [body(3.0).doubled_grad(), body(3.0).mass_grad(), body(3.0).chosen_grad(), body(-3.0).chosen_grad()];
    let numbers = gradients.map(|given| given.map(|(value, gradient)| (value, gradient.x)).unwrap());
    assert_eq!(numbers, [(6.0, 2.0), (3.0, 1.0), (3.0, 1.0), (-6.0, 2.0)]);
    let (value, rows) = body(3.0).grown_jacobian().unwrap();
    assert_eq!((value.x, rows[0].x), (6.0, 2.0));
    let (value, gradient) = body(3.0).twice_vjp(body(0.5)).unwrap();
    assert_eq!((value.x, gradient.x), (6.0, 1.0));
    let (value, (a, b)) = ratio_grad(body(3.0), body(2.0)).unwrap();
    assert_eq!((value, a.x, b.x), (1.5, 0.5, -0.75));
    assert!(ratio_grad(body(3.0), body(0.0)).is_none());
    let (value, (a, b)) = ratio_or_zero_grad(body(3.0), body(2.0));
    assert_eq!((value, a.x, b.x), (1.5, 0.5, -0.75));
    assert_eq!(ratio_or_zero_grad(body(3.0), body(0.0)).0, 0.0);
    for gradient in [through_alias_grad, taken_apart_grad] {
        let (value, gradient) = gradient(body(3.0));
        assert_eq!((value, gradient.x), (6.0, 2.0));
    }
    let (value, rows) = all_grown_jacobian(&[body(1.0), body(2.0)]).unwrap();
    assert_eq!((value[1].x, rows[1][0].x, rows[1][1].x), (4.0, 0.0, 2.0));
}

#[test]
fn data_that_may_be_missing() {
    assert_eq!(times_text_grad(3.0, "2"), Ok((6.0, 2.0)));
    assert_eq!(times_text_grad(3.0, "x").unwrap_err(), times_text(3.0, "x").unwrap_err());
    assert_eq!(times_texts_grad(3.0, "2"), Ok((12.0, 4.0)));
    assert_eq!(times_texts_grad(3.0, "").unwrap_err(), times_text(3.0, "").unwrap_err());
    let data = [("k".to_string(), 5.0)].into_iter().collect();
    assert_eq!(looked_up_grad(3.0, &data), Some((15.0, 5.0)));
    assert_eq!(looked_up_grad(3.0, &Default::default()), None);
    assert_eq!([difference_grad(3.0, 5, 1), difference_grad(3.0, 1, 5)], [Some((12.0, 4.0)), None]);
    assert_eq!(converted_grad(3.0, 2, 5), Ok((30.0, 10.0)));
    assert!(converted_grad(3.0, usize::MAX, 5).is_err());
}

#[test]
fn results_in_every_position() {
    assert_eq!([both_grad(3.0), both_grad(0.5), both_grad(-1.0)], [Some((9.0, 6.0)), None, None]);
    assert_eq!(by_mark_grad(4.0), Ok((2.0, 0.25)));
    assert_eq!(by_mark_grad(-4.0).unwrap_err(), "negative: -4");
    assert_eq!([guarded_grad(2.0), guarded_grad(6.0)], [Ok((2.0, 1.0)), Ok((12.0, 2.0))]);
    assert_eq!(guarded_grad(-4.0).unwrap_err(), "neg");
    assert_eq!(passed_on_grad(6.0), Ok((144.0, 48.0)));
    assert_eq!(passed_on_grad(-4.0).unwrap_err(), "neg!");
    assert_eq!([to_option_grad(6.0), to_option_grad(-4.0)], [Some((12.0, 2.0)), None]);
    assert!(close(given!(from_iterator, from_iterator_grad; 3.0), 12.0));
    assert_eq!(largest_grad(&[1.0, 3.0, 2.0]), Some((3.0, vec![0.0, 1.0, 0.0])));
    assert_eq!(largest_grad(&[]), None);
    assert_eq!(largest_at_jacobian(&[1.0, 3.0, 2.0]), Some(((1, 3.0), vec![vec![0.0, 1.0, 0.0]])));
    assert_eq!(weighed_grad(&[1.0, 2.0, 3.0]), Some((6.0, vec![0.0, 0.0, 2.0])));
    assert_eq!(weighed_grad(&[]), None);
}

#[test]
fn gradients_are_compiled() {
    compiled!(
        through_alias,
        times_text,
        times_texts,
        both,
        looked_up,
        difference,
        converted,
        guarded,
        to_option,
        largest,
        largest_at,
        weighed
    );
}

/// An error that is borrowed, whose lifetime is left out.
#[differentiable]
fn borrowed(x: f64, names: &[String]) -> Result<f64, &str> {
    if x < 0.0 {
        return Err(&names[0]);
    }
    Ok(x.sqrt())
}

#[differentiable]
fn borrowed_by_name<'a>(x: f64, names: &'a [String], other: &str) -> Result<f64, &'a str> {
    if x < 0.0 { Err(names[other.len()].as_str()) } else { borrowed(x * x, names) }
}

#[differentiable]
fn borrowed_from_both(x: f64, names: &[String]) -> Result<f64, &str> {
    let root = borrowed(x, names)?;
    Ok(root * borrowed_by_name(root, names, "")?)
}

struct Market {
    name: String,
}

#[derive(Clone, Copy, PartialEq, Debug, Differentiable)]
struct Position {
    amount: f64,
}

#[differentiable]
impl Position {
    fn priced(&self, price: f64, #[constant] market: &Market) -> Result<f64, String> {
        if price > 0.0 { Ok(self.amount * price) } else { Err(market.name.clone()) }
    }

    /// The lifetime of a parameter has a name.
    fn letters<'m>(&self, price: f64, #[constant] names: &'m [&'m str]) -> f64 {
        self.amount * price * names.iter().map(|name| name.len() as f64).sum::<f64>()
    }
}

#[test]
fn errors_are_borrowed() {
    let names = ["negative".to_owned()];
    assert_eq!(borrowed_grad(4.0, &names), Ok((2.0, 0.25)));
    assert_eq!(borrowed_grad(-4.0, &names), Err("negative"));
    assert_eq!(borrowed_by_name_grad(-4.0, &names, ""), Err("negative"));
    assert!(close(given!(borrowed_from_both, borrowed_from_both_grad; 4.0, &names), 1.0));
    assert_eq!(borrowed_from_both_grad(-4.0, &names), Err("negative"));
    let market = Market { name: "closed".to_owned() };
    assert_eq!(
        Position { amount: 3.0 }.priced_grad(2.0, &market),
        Ok((6.0, (Position { amount: 2.0 }, 3.0)))
    );
    assert_eq!(
        Position { amount: 3.0 }.letters_grad(2.0, &["ab", "c"]),
        (18.0, (Position { amount: 6.0 }, 9.0))
    );
    compiled!(borrowed, borrowed_by_name, borrowed_from_both);
}

/// A `Result` under a name that says nothing of it.
type Priced<T> = Result<T, String>;

#[differentiable]
fn priced(x: f64) -> Priced<f64> {
    if x < 0.0 {
        return Err("negative".to_owned());
    }
    Ok(x.sqrt())
}

/// Nothing but the name of the type tells that it may fail.
#[differentiable]
fn priced_by_another(x: f64) -> Priced<f64> {
    let doubled = 2.0 * x;
    priced(doubled)
}

#[differentiable]
fn kept_in_a_variable(x: f64) -> f64 {
    let price: Priced<f64> = priced_by_another(x);
    price.unwrap_or(0.0)
}

#[test]
fn aliases_that_say_nothing() {
    given!(priced_by_another, priced_by_another_grad; 2.0);
    assert_eq!(priced_by_another_grad(2.0), Ok((2.0, 0.5)));
    assert_eq!(priced_by_another_grad(-2.0), Err("negative".to_owned()));
    assert_eq!(kept_in_a_variable_grad(2.0), (2.0, 0.5));
}

/// Variants with the names of their types.
#[differentiable]
fn owned_variants(x: f64) -> std::option::Option<f64> {
    if x < 0.0 {
        return Option::None;
    }
    match priced(x) {
        Result::Ok(root) if root > 0.5 => std::option::Option::Some(root * x),
        Result::Ok(root) => Option::Some(root),
        Result::Err(_) => Option::None,
    }
}

/// Methods that structs may have as well, on variables.
#[differentiable]
fn joined(x: f64, y: f64) -> f64 {
    let first = owned_variants(x);
    let second = owned_variants(y);
    let both = first.zip(second).map(|(a, b)| a * b).unwrap_or(x);
    let large = owned_variants(x + y).filter(|value| *value > 1.0);
    both + first.or(second).unwrap_or(0.0) + large.xor(owned_variants(-1.0)).unwrap_or(y)
}

#[test]
fn owners_of_variants_and_joined_options() {
    assert_eq!(owned_variants_grad(4.0), Some((8.0, 3.0)));
    assert_eq!(owned_variants_grad(0.25).expect("a root"), (0.5, 1.0));
    assert_eq!(owned_variants_grad(-4.0), None);
    for (x, y) in [(4.0, 2.0), (-4.0, 2.0), (4.0, -2.0), (0.01, 0.02)] {
        let checked = gradus::check::assert_gradient!(joined, x, y);
        assert!(checked.kinks.is_empty(), "{checked}");
    }
}

/// The error becomes a `&str` where the function gives it.
#[differentiable]
fn named_error(x: f64, names: &[String]) -> Result<f64, &str> {
    if x < 0.0 { Err(&names[0]) } else { Ok(x * x) }
}

#[test]
fn errors_that_are_coerced() {
    let names = ["below".to_owned()];
    assert_eq!(named_error_grad(3.0, &names), Ok((9.0, 6.0)));
    assert_eq!(named_error_grad(-3.0, &names), Err("below"));
    assert!(named_error_graph(-3.0, &names).is_err());
}
