<?php // Silence is golden: this folder has no list.
