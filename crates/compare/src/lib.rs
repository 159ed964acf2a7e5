//! jisseki: the compare stage.
