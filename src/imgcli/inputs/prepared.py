"""What the workshop calls the files it makes; without Pillow, for those who only look for them."""

EXTENSIONS = {"png": "png", "jpeg": "jpg", "webp": "webp"}
