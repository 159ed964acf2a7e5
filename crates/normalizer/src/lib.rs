//! jisseki: the normalizer stage.
