"""The WeChat Official Account: the same assistant, warnings, people and cases behind another wire."""
