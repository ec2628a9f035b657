"""Folders of the Flee simulator: read as they are, with everything that Flee would pass over said.

``folder`` reads a whole one; ``reading`` holds what is collected meanwhile; the other modules each read some of
its files; ``out`` writes Flee's table of results.
"""
