//! jisseki: the segmenter stage.
