"""Forms: what is uploaded as XLSForm, their versions, and what was handed in by them."""
