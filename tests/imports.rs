//! Modules form layers: among the modules of one folder, each with all below it, no imports run in a circle. What a module
//! and the modules inside it use of each other is theirs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};

/// The root files of the crates that are held to this.
const CRATES: &[&str] = &["engine/src/lib.rs", "engine/ops/src/lib.rs", "macros/compiler/src/lib.rs"];

#[test]
fn imports_do_not_run_in_circles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut circles = Vec::new();
    for root in CRATES.iter().map(|root| folder.join(root)) {
        circles.extend(Modules::of_crate(&root).circles());
    }
    assert!(circles.is_empty(), "imports run in circles:\n\n{}", circles.join("\n\n"));
}

#[test]
fn a_circle_is_found() {
    let mut modules = Modules::default();
    let root: syn::File = syn::parse_str(
        "mod a { use crate::B; struct A; }
         mod b { pub struct B; fn f() { super::c::inner::g() } }
         mod c { pub mod inner { pub fn g() { crate::a::A; } } use inner::g; }
         pub use b::B;",
    )
    .unwrap();
    modules.add(&Vec::new(), None, &root.items);
    let circles = modules.circles();
    assert_eq!(circles.len(), 1);
    let expected = "a → b: `crate::B`\nb → c: `super::c::inner::g`\nc → a: `crate::a::A` in c::inner";
    assert_eq!(circles[0], expected);
}

/// A module's path in its crate; empty for the root.
type Name = Vec<String>;

#[derive(Default)]
struct Modules(BTreeMap<Name, Module>);

#[derive(Default)]
struct Module {
    /// Names that it imports or exports again, each with its path.
    imports: BTreeMap<String, Vec<String>>,
    /// Modules that it imports everything of.
    globs: Vec<Vec<String>>,
    /// Names of items that stand in it.
    items: BTreeSet<String>,
    /// Every path that it writes.
    paths: BTreeSet<Vec<String>>,
}

impl Modules {
    fn of_crate(root: &Path) -> Modules {
        let mut modules = Modules::default();
        modules.add(&Vec::new(), Some(root), &parse(root).items);
        modules
    }

    /// Adds a module and all below it. `file` is where it stands, unless it is an inline one.
    fn add(&mut self, name: &Name, file: Option<&Path>, items: &[syn::Item]) {
        let mut reader = Reader::default();
        items.iter().for_each(|item| reader.visit_item(item));
        self.0.insert(name.clone(), reader.module);
        for (child, content) in reader.children {
            let file = file.map(|file| below(file, &child));
            let name = [name.clone(), vec![child]].concat();
            match (content, file) {
                (Some(items), _) => self.add(&name, None, &items),
                (None, Some(file)) => self.add(&name, Some(&file), &parse(&file).items),
                (None, None) => panic!("{name:?} has no file"),
            }
        }
    }

    /// The module in which the item of this path stands that is written in `from`; `None` if that is another crate.
    fn resolve(&self, from: &Name, path: &[String], depth: usize) -> Option<Found> {
        assert!(depth < 50, "{path:?} in {from:?} leads to itself");
        let (mut at, mut rest) = match path.first()?.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (from.clone(), &path[1..]),
            "super" => (from[..from.len() - 1].to_vec(), &path[1..]),
            first if self.knows(from, first) => (from.clone(), path),
            _ => return None,
        };
        while let Some((name, after)) = rest.split_first() {
            if name == "super" {
                at.pop();
            } else {
                match self.lookup(&at, name, depth)? {
                    Found::Module(module) => at = module,
                    item @ Found::Item(_) => return Some(item),
                }
            }
            rest = after;
        }
        Some(Found::Module(at))
    }

    /// Whether a path in this module can begin with the name. After `use quote::quote` the first `quote` is another crate.
    fn knows(&self, module: &Name, name: &str) -> bool {
        let imported = self.0[module].imports.get(name);
        self.0.contains_key(&child(module, name)) || imported.is_some_and(|path| path[0] != name)
    }

    /// What a name means in a module.
    fn lookup(&self, module: &Name, name: &str, depth: usize) -> Option<Found> {
        let child = child(module, name);
        let Module { imports, globs, items, .. } = &self.0[module];
        if self.0.contains_key(&child) {
            return Some(Found::Module(child));
        }
        if !items.contains(name) {
            if let Some(path) = imports.get(name) {
                if path[0] == name {
                    return None;
                }
                return self.resolve(module, path, depth + 1);
            }
            for glob in globs {
                if let Some(Found::Module(exporting)) = self.resolve(module, glob, depth + 1)
                    && (self.0[&exporting].items.contains(name) || self.knows(&exporting, name))
                {
                    return self.lookup(&exporting, name, depth + 1);
                }
            }
        }
        Some(Found::Item(module.clone()))
    }

    /// For every folder of modules the circles among them, a line for each import.
    fn circles(&self) -> Vec<String> {
        let mut circles = Vec::new();
        for parent in self.0.keys() {
            let edges = self.edges_below(parent);
            let mut told = BTreeSet::new();
            for start in edges.keys() {
                if told.contains(start) {
                    continue;
                }
                if let Some(circle) = circle(&edges, start) {
                    let lines: Vec<String> = circle
                        .iter()
                        .map(|(from, to)| format!("{from} → {to}: {}", edges[from][to]))
                        .collect();
                    told.extend(circle.into_iter().map(|(from, _)| from));
                    circles.push(lines.join("\n"));
                }
            }
        }
        circles
    }

    /// Which children of a module, each with all below it, use which others, and an example of each.
    fn edges_below(&self, parent: &Name) -> Edges {
        let mut edges = Edges::new();
        for (name, module) in &self.0 {
            let Some(own) = child_of(parent, name) else { continue };
            for path in &module.paths {
                let Some(Found::Module(to) | Found::Item(to)) = self.resolve(name, path, 0) else { continue };
                let Some(other) = child_of(parent, &to) else { continue };
                if own != other {
                    let place = if *name == own { String::new() } else { format!(" in {}", name.join("::")) };
                    let example = format!("`{}`{place}", path.join("::"));
                    edges.entry(own.join("::")).or_default().entry(other.join("::")).or_insert(example);
                }
            }
        }
        edges
    }
}

enum Found {
    Module(Name),
    /// An item, in this module.
    Item(Name),
}

type Edges = BTreeMap<String, BTreeMap<String, String>>;

/// The shortest way from a module back to itself.
fn circle(edges: &Edges, start: &str) -> Option<Vec<(String, String)>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(module) = waiting.pop_front() {
        for next in edges.get(module).into_iter().flat_map(BTreeMap::keys) {
            if before.contains_key(next.as_str()) {
                continue;
            }
            before.insert(next, module);
            waiting.push_back(next);
        }
    }
    let mut way = vec![(before.get(start)?.to_string(), start.to_owned())];
    while way[way.len() - 1].0 != start {
        let to = way[way.len() - 1].0.clone();
        way.push((before[to.as_str()].to_owned(), to));
    }
    way.reverse();
    Some(way)
}

fn child(module: &Name, name: &str) -> Name {
    [module.clone(), vec![name.to_owned()]].concat()
}

/// The child of `parent` that `module` is or lies in.
fn child_of(parent: &Name, module: &Name) -> Option<Name> {
    (module.len() > parent.len() && module.starts_with(parent)).then(|| module[..=parent.len()].to_vec())
}

fn parse(file: &Path) -> syn::File {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The file of a module that is declared in this file.
fn below(file: &Path, module: &str) -> PathBuf {
    let folder = match file.file_stem().and_then(|stem| stem.to_str()) {
        Some("lib" | "main" | "mod") => file.parent().unwrap().to_owned(),
        _ => file.with_extension(""),
    };
    let flat = folder.join(format!("{module}.rs"));
    if flat.exists() { flat } else { folder.join(module).join("mod.rs") }
}

/// Reads what a module imports, defines and writes; its children are left for later.
#[derive(Default)]
struct Reader {
    module: Module,
    children: Vec<(String, Option<Vec<syn::Item>>)>,
}

impl Reader {
    fn import(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.import(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) if name.ident == "self" => self.take(before.last(), before.to_vec()),
            syn::UseTree::Name(name) => self.take(Some(&name.ident.to_string()), with(&name.ident)),
            syn::UseTree::Rename(rename) => self.take(Some(&rename.rename.to_string()), with(&rename.ident)),
            syn::UseTree::Glob(_) => {
                self.module.paths.insert(before.to_vec());
                self.module.globs.push(before.to_vec());
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(before, tree)),
        }
    }

    fn take(&mut self, name: Option<&String>, path: Vec<String>) {
        self.module.paths.insert(path.clone());
        // A name that is exported under itself is a macro's.
        if let Some(name) = name.filter(|&name| path != [name.clone()]) {
            self.module.imports.insert(name.clone(), path);
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        use syn::Item::{Const, Enum, ExternCrate, Fn, Macro, Mod, Static, Struct, Trait, Type, Use};
        let (attributes, name) = match item {
            Const(syn::ItemConst { attrs, ident, .. })
            | Enum(syn::ItemEnum { attrs, ident, .. })
            | Static(syn::ItemStatic { attrs, ident, .. })
            | Struct(syn::ItemStruct { attrs, ident, .. })
            | Trait(syn::ItemTrait { attrs, ident, .. })
            | Type(syn::ItemType { attrs, ident, .. })
            | Mod(syn::ItemMod { attrs, ident, .. })
            | Fn(syn::ItemFn { attrs, sig: syn::Signature { ident, .. }, .. })
            | ExternCrate(syn::ItemExternCrate { attrs, ident, .. }) => (attrs, Some(ident)),
            Macro(syn::ItemMacro { attrs, ident, .. }) => (attrs, ident.as_ref()),
            Use(syn::ItemUse { attrs, .. }) | syn::Item::Impl(syn::ItemImpl { attrs, .. }) => (attrs, None),
            _ => return visit::visit_item(self, item),
        };
        let for_tests = attributes.iter().any(|attribute| {
            matches!(&attribute.meta, syn::Meta::List(list)
                if list.path.is_ident("cfg") && ["test", "doctest", "doc"].contains(&list.tokens.to_string().as_str()))
        });
        if for_tests {
            return;
        }
        match item {
            Use(item) => self.import(&[], &item.tree),
            Mod(item) => {
                let content = item.content.as_ref().map(|(_, items)| items.clone());
                self.children.push((item.ident.to_string(), content));
            }
            _ => {
                self.module.items.extend(name.map(ToString::to_string));
                visit::visit_item(self, item);
            }
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.module.paths.insert(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    /// The paths in a macro's tokens that begin with `crate`, `self` or `super`.
    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.visit_path(&called.path);
        let mut paths = Vec::new();
        tokens(&called.tokens.to_string(), &mut paths);
        self.module.paths.extend(paths);
    }
}

fn tokens(text: &str, paths: &mut Vec<Vec<String>>) {
    let words: Vec<&str> = text.split_whitespace().collect();
    for (at, &word) in words.iter().enumerate() {
        let begins = ["crate", "self", "super"].contains(&word) && (at == 0 || words[at - 1] != "::");
        if begins && words.get(at + 1) == Some(&"::") {
            let mut path = vec![word.to_owned()];
            let mut next = at + 1;
            while words.get(next) == Some(&"::") && words.get(next + 1).is_some_and(|word| is_name(word)) {
                path.push(words[next + 1].to_owned());
                next += 2;
            }
            paths.push(path);
        }
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
}
