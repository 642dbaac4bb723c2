"""Everything that can happen to the bank's words: an account is registered, a file brought in, a line used."""

from bank.operations.accounts import register_own_account
from bank.operations.files import import_file
from bank.operations.uses import take_back, use_line

__all__ = ["import_file", "register_own_account", "take_back", "use_line"]
