//! The numbers of the layered layout. Static pictures and the page to explore take them from here: the page's script is
//! given those with a name of its own, as JSON.

macro_rules! constants {
    ($( $(#[$doc:meta])* $NAME:ident $($name:literal)?: $Type:ty = $value:literal; )*) => {
        $( $(#[$doc])* pub(crate) const $NAME: $Type = $value; )*

        /// Those that the page's script reads, by its names.
        #[allow(clippy::unnecessary_cast, reason = "some of them are counts")]
        pub(crate) const OF_THE_PAGE: &[(&str, f64)] = &[$( $(($name, $NAME as f64),)? )*];
    };
}

constants! {
    /// The space between two boxes of one layer.
    BOX_GAP "boxGap": f64 = 22.0;
    /// The space between an arrow that passes through a layer and its neighbours there.
    ARROW_GAP "arrowGap": f64 = 12.0;
    /// The space between two layers of a static picture, which arrows cross with a number on them.
    LAYER_GAP: f64 = 62.0;
    /// The same on the page, where a layer stands to the right of the one before.
    PAGE_LAYER_GAP_RIGHT "layerGapRight": f64 = 72.0;
    /// The same where it stands below.
    PAGE_LAYER_GAP_DOWN "layerGapDown": f64 = 38.0;

    /// The width of a character.
    ADVANCE "advance": f64 = 7.3;
    /// The height of a box with three lines of a static picture.
    BOX_HEIGHT: f64 = 62.0;
    /// The height of a small box, with a single line.
    CHIP_HEIGHT: f64 = 24.0;
    /// The heights of both on the page.
    PAGE_BOX_HEIGHT "boxHeight": f64 = 58.0;
    /// The same for a small box.
    PAGE_CHIP_HEIGHT "chipHeight": f64 = 26.0;

    /// An input that is used more often than this has a small box at each use.
    USES_OF_INPUT "usesOfInput": usize = 3;
    /// The same for results of operations.
    USES_OF_OPERATION "usesOfOperation": usize = 8;
    /// An arrow that would pass through more layers than this becomes a small box at its end.
    REACH "reach": usize = 12;

    /// How often the order within layers is swept over, at most.
    SWEEPS "sweeps": usize = 12;
    /// Sweeps without progress after which the search ends.
    PATIENCE "patience": usize = 3;
    /// How often neighbours of one layer are exchanged, at most, in each sweep.
    EXCHANGES "exchanges": usize = 4;

    /// How often coordinates are swept over, forwards and back.
    ROUNDS "rounds": usize = 8;
    /// How much a bend pulls on a bend, compared with an item on an item: long links run straight.
    STRAIGHTNESS "straightness": f64 = 6.0;
    /// The weight of the wish to stay, which keeps in its place what has no neighbours on one side.
    STAY "stay": f64 = 0.01;
    /// The weight of the wish of a vertex without any neighbours: it stands where the others are.
    LONE "lone": f64 = 1e-6;
}
