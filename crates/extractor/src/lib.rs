//! jisseki: the extractor stage.
