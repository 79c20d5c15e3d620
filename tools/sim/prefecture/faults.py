"""The faults of this simulator: of the HTTPS side, the mails and the office."""

KNOWN = {
    "status": "answer this code after the whole body (it counts as taken when below 300, or with take_anyway)",
    "early_status": "answer this code to the headers, before any body",
    "take_anyway": "the deposit is processed whatever was answered",
    "drop_at": "reset the connection: handshake, headers, body, answer (after the whole body), half_answer",
    "drop_after": "bytes of the body before drop_at=body",
    "no_continue": "ignore Expect: 100-continue",
    "slow": "bytes per second taken of a body",
    "late_answer": "seconds before the answer",
    "endless_headers": "never end the answer's headers",
    "pause_office": "send no mail for now",
    "deviate": "with commas: nature_999, nature_text, nature_digit, paper_zero, paper_empty, duplicate_children, "
               "utf8_labelled_latin1, windows_prolog, no_typologies",
    "shape": "of mails: mixed, alternative, bare",
    "names": "of attachments: rfc2231, rfc2047, raw, plain",
    "accents": "letters carry a further file with accents in its name",
    "double_mail": "every mail comes twice, with the same Message-ID",
}
