//! jisseki: the dataset stage.
