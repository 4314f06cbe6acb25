"""The subcommands behind `./natdb`, a package or module per trade; the terminal is known only here.

Its trades: operator (runs the machine), steward (loads and keeps the registers), auditor (reads the
access log), officer (asks), developer (documents and checks).
"""
