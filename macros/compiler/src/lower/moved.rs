//! Which data the body may move away: what looks at it cannot be evaluated again in the reverse sweep.

use std::collections::BTreeSet;
use syn::visit::Visit;

/// The names of variables that stand where a value is given away.
pub fn names_moved(body: &syn::Block) -> BTreeSet<String> {
    let mut find = Find(BTreeSet::new());
    find.visit_block(body);
    find.0
}

struct Find(BTreeSet<String>);

impl Find {
    fn gives(&mut self, expression: &syn::Expr) {
        match expression {
            syn::Expr::Paren(inner) => self.gives(&inner.expr),
            syn::Expr::Path(path) => {
                self.0.extend(path.path.get_ident().map(ToString::to_string));
            }
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Find {
    fn visit_expr_for_loop(&mut self, written: &'ast syn::ExprForLoop) {
        self.gives(&written.expr);
        syn::visit::visit_expr_for_loop(self, written);
    }

    fn visit_expr_call(&mut self, written: &'ast syn::ExprCall) {
        written.args.iter().for_each(|argument| self.gives(argument));
        syn::visit::visit_expr_call(self, written);
    }

    fn visit_expr_method_call(&mut self, written: &'ast syn::ExprMethodCall) {
        written.args.iter().for_each(|argument| self.gives(argument));
        let name = written.method.to_string();
        if name.starts_with("into_") || matches!(name.as_str(), "into" | "unwrap" | "expect" | "unwrap_or") {
            self.gives(&written.receiver);
        }
        syn::visit::visit_expr_method_call(self, written);
    }

    fn visit_local(&mut self, written: &'ast syn::Local) {
        if let Some(init) = &written.init {
            self.gives(&init.expr);
        }
        syn::visit::visit_local(self, written);
    }

    fn visit_expr_assign(&mut self, written: &'ast syn::ExprAssign) {
        self.gives(&written.right);
        syn::visit::visit_expr_assign(self, written);
    }

    fn visit_expr_match(&mut self, written: &'ast syn::ExprMatch) {
        self.gives(&written.expr);
        syn::visit::visit_expr_match(self, written);
    }

    fn visit_expr_let(&mut self, written: &'ast syn::ExprLet) {
        self.gives(&written.expr);
        syn::visit::visit_expr_let(self, written);
    }

    fn visit_expr_struct(&mut self, written: &'ast syn::ExprStruct) {
        written.fields.iter().for_each(|field| self.gives(&field.expr));
        syn::visit::visit_expr_struct(self, written);
    }

    fn visit_expr_tuple(&mut self, written: &'ast syn::ExprTuple) {
        written.elems.iter().for_each(|part| self.gives(part));
        syn::visit::visit_expr_tuple(self, written);
    }

    fn visit_expr_array(&mut self, written: &'ast syn::ExprArray) {
        written.elems.iter().for_each(|part| self.gives(part));
        syn::visit::visit_expr_array(self, written);
    }

    fn visit_block(&mut self, written: &'ast syn::Block) {
        if let Some(syn::Stmt::Expr(tail, None)) = written.stmts.last() {
            self.gives(tail);
        }
        syn::visit::visit_block(self, written);
    }
}
