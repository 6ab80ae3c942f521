"""What keeps a person's details from whoever may not read them: encrypted fields, their keys, and how long all is kept.

See docs/privacy.md.
"""
