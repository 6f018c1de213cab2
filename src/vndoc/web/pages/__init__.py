"""Pages of the review: what a clerk sees in the browser."""
