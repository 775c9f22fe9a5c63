"""The formats that reports go out in, one module each; ``catalogue`` lists them."""
