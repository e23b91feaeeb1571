"""试算 on a page: a form of terms and a few invented offers, read into a case of the engine."""
