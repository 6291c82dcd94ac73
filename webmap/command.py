"""Commands that draw or serve pages."""
