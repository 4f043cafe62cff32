"""What runs on a page in a real browser: find one, wait until a page is there, take its captures."""
