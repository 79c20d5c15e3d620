"""The faults of this simulator: of the FTP side and the office."""

KNOWN = {
    "refuse_site": "reply to SITE commands, e.g. \"550 no\" or \"202 noted\"",
    "drop_site": "close the control connection instead of answering a SITE command",
    "hang_site": "never answer a SITE command",
    "stor_reply": "refuse STOR with this reply, e.g. \"552 full\"",
    "drop_stor_after": "close everything after so many bytes of a STOR",
    "drop_before_226": "take the whole file, then close instead of answering 226",
    "late_226": "answer 226 to STOR so many seconds late",
    "abort_retr_after": "after so many bytes of a RETR, reply 421 and close everything",
    "slow": "bytes per second of uploads and downloads (holds up every session)",
    "refuse_rnto": "refuse the rename",
    "no_mlsd": "answer 500 to MLSD",
    "odd_list": "LIST in a shape nobody reads",
    "nlst_with_path": "NLST tells names with their directory",
    "half_returns": "write returns in place, half of it so many seconds late",
    "drop_at": "FTP verb: reset the connection instead of obeying it, e.g. \"EPSV\"",
    "hang_at": "FTP verb: never answer it",
    "lie_size": "MLSD and SIZE tell so many bytes more than there are (less when negative)",
    "pause_office": "send no answers for now",
}
