//! jisseki: the jisseki stage.
