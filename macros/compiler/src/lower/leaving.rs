//! Whether an expression is left from inside: by `return`, `?`, or a `break` or `continue` of a loop around it.

use syn::visit::Visit;

/// The token that leaves an expression, if there is one.
pub fn leaves(expression: &syn::Expr) -> bool {
    let mut find = Find { loops: 0, labels: Vec::new(), closures: 0, leaves: false };
    find.visit_expr(expression);
    find.leaves
}

struct Find {
    /// How many loops are around, inside the expression.
    loops: usize,
    /// The labels around, inside the expression.
    labels: Vec<String>,
    closures: usize,
    leaves: bool,
}

impl Find {
    fn within(&mut self, label: Option<&syn::Label>, is_loop: bool, visit: impl FnOnce(&mut Self)) {
        self.loops += usize::from(is_loop);
        self.labels.extend(label.map(|label| label.name.ident.to_string()));
        visit(self);
        self.loops -= usize::from(is_loop);
        if label.is_some() {
            self.labels.pop();
        }
    }

    fn jump(&mut self, label: Option<&syn::Lifetime>) {
        self.leaves |= match label {
            Some(label) => !self.labels.contains(&label.ident.to_string()),
            None => self.loops == 0,
        };
    }
}

impl<'ast> Visit<'ast> for Find {
    fn visit_expr_return(&mut self, written: &'ast syn::ExprReturn) {
        self.leaves |= self.closures == 0;
        syn::visit::visit_expr_return(self, written);
    }

    fn visit_expr_try(&mut self, written: &'ast syn::ExprTry) {
        self.leaves |= self.closures == 0;
        syn::visit::visit_expr_try(self, written);
    }

    fn visit_expr_break(&mut self, written: &'ast syn::ExprBreak) {
        self.jump(written.label.as_ref());
        syn::visit::visit_expr_break(self, written);
    }

    fn visit_expr_continue(&mut self, written: &'ast syn::ExprContinue) {
        self.jump(written.label.as_ref());
    }

    fn visit_expr_for_loop(&mut self, written: &'ast syn::ExprForLoop) {
        self.visit_expr(&written.expr);
        self.within(written.label.as_ref(), true, |find| find.visit_block(&written.body));
    }

    fn visit_expr_while(&mut self, written: &'ast syn::ExprWhile) {
        self.within(written.label.as_ref(), true, |find| {
            find.visit_expr(&written.cond);
            find.visit_block(&written.body);
        });
    }

    fn visit_expr_loop(&mut self, written: &'ast syn::ExprLoop) {
        self.within(written.label.as_ref(), true, |find| find.visit_block(&written.body));
    }

    fn visit_expr_block(&mut self, written: &'ast syn::ExprBlock) {
        self.within(written.label.as_ref(), false, |find| find.visit_block(&written.block));
    }

    fn visit_expr_closure(&mut self, written: &'ast syn::ExprClosure) {
        let (loops, labels) = (std::mem::take(&mut self.loops), std::mem::take(&mut self.labels));
        self.closures += 1;
        self.visit_expr(&written.body);
        self.closures -= 1;
        (self.loops, self.labels) = (loops, labels);
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
