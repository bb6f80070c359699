"""Labels, and raters held against them."""
