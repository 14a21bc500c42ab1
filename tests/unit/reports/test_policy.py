from imgcli.reports.policy import hashed


def test_a_text_is_named_by_its_hash() -> None:
    assert hashed("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    assert hashed("a") != hashed("b")
